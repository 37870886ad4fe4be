"""Lists of people as each system writes them, in its own words and order; the people are made up."""

MOODLE_GRADES = """\
Nome,Sobrenome,"Número de identificação",Instituição,Departamento,"Endereço de email","Tarefa: Envie (Real)"
Ana,"Souza Lima",2026001,IFSP,,Ana.Souza@escola.br,"10,00"
José,"Silva, Filho",2026002,IFSP,,jose@escola.br,-
"""
MOODLE_PARTICIPANTS = """\
"Nome completo","Identificação de usuário","Endereço de email",Papéis,Grupos,"Último acesso ao curso"
"Ana Souza",anas,ana@escola.br,Estudante,"Turma A, Turma B",hoje
"Carlos Mestre",carlos,carlos@escola.br,Professor,,hoje
"""
MOODLE_ENGLISH = """\
First name,Surname,Username,ID number,Email address,Groups
Ana,Souza,anas,2026001,ana@escola.br,A
"""
CANVAS = '''\
Student,ID,SIS User ID,SIS Login ID,Integration ID,Section,Notes,Envie a sua imagem (321),Current Score
,,,,,,,Manual Posting,
    Points Possible,,,,,,,10.00,(read only)
"Souza, Ana",1001,2026001,ana@escola.br,,Turma A,,7.50,75.00
"=""=cmd""",1002,2026002,bia,,Turma A and Turma B,,,
"Student, Test",1003,,b49f2d,,Turma A,,,
'''
GOOGLE = """\
Last Name,First Name,Email Address,Envie a sua imagem
Date,,,2026-11-23
Points,,,10
Souza,Ana,ana@escola.br,7.5
"""
GOOGLE_PORTUGUESE = """\
Sobrenome,Nome,Endereço de e-mail
Souza,Ana,ana@escola.br
"""
GITHUB = """\
"identifier","github_username","github_id","name"
"ana@escola.br","anasouza","1001","Ana Souza"
"2026002","biagh","1002",""
"Caio, da turma A","","",""
"""
BY_HAND = """\
nome;email;docker id;turma
"Silva, Filho";silva@escola.br;SilvaFilho;A
Bia Lima;Bia <bia@escola.br>;https://hub.docker.com/u/bia2026;A

Caio;;;
"""
