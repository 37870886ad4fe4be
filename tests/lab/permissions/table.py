"""Who may do what, and how the table is read.

Who asks, in the columns:

    anon, other     nobody that the hub knows; somebody else, with the password
    guest           somebody else's access token, of the widest permission
    owner           whoever has the namespace, with the password
    admin … pub     access tokens of the owner, of the four permissions
    exp, off        the same as admin, after its time, and switched off
    code            the owner's password alone, where two-factor asks for a code too

The states of the repository: public, private, archived, immutable (all its tags), both (private and
archived). A row of a state holds for it in place of the row `any`; `-` is for what is of no repository; `=`,
all as above. The cells have the words of tests.lab.permissions.actor; a point, nobody of the kind could ask.
"""

from __future__ import annotations

ACTORS = ("anon", "other", "guest", "owner", "admin", "write", "read", "pub", "exp", "off", "code")
STATES = ("public", "private", "archived", "immutable", "both")
NO_STATE = "-"
TABLE = """
                                            anon  other guest owner admin write read  pub   exp   off   code
page: sign in              -                .     done  told  done  told  told  told  told  told  told  code
API: sign in, deprecated   -                .     200   200   200   200   200   200   200   401   401   401
API: sign in               =
docker login               =
docker login, newer        =
page: create               -                login done  .     done  .     .     .     .     .     .     login
page: create private       -                login done  .     told  .     .     .     .     .     .     login
API: create                -                401   403   403   201   201   403   403   403   401   401   401
API: create private        -                401   403   403   403   403   403   403   403   401   401   401
docker push: create        -                401   401   401   202   202   202   401   401   401   401   401
API: make an access token  -                401   201   403   201   403   403   403   403   401   401   401
API: read an access token  -                401   404   403   200   403   403   403   403   401   401   401
page: access token off     -                login 404   .     done  .     .     .     .     .     .     login
API: access token on       -                401   404   403   200   403   403   403   403   401   401   401
page: access token deleted -                login 404   .     done  .     .     .     .     .     .     login
API: access token deleted  -                401   404   403   204   403   403   403   403   401   401   401
registry: list all         -                401   401   401   401   401   401   401   401   401   401   401
page: the class's board    -                404   404   .     404   .     .     .     .     .     .     404
page: the class's learners =
page: the class's grades   =
page: the class, by a key  =
hub: told by the registry  -                403   403   403   403   403   403   403   403   403   403   403

page: /r/                  any              200   200   .     200   .     .     .     .     .     .     200
                           private,both     404   404   .     200   .     .     .     .     .     .     404
page: tags                 =
page: in the search        any              yes   yes   .     yes   .     .     .     .     .     .     yes
                           private,both     no    no    .     yes   .     .     .     .     .     .     no
page: in /u/               =
page: in My Hub            any              login no    .     yes   .     .     .     .     .     .     login
API: read                  any              200   200   200   200   200   200   200   200   401   401   401
                           private,both     404   404   404   200   200   200   200   404   401   401   401
API: tags                  =
API: one tag               =
API: in the list           any              yes   yes   yes   yes   yes   yes   yes   yes   401   401   401
                           private,both     no    no    no    yes   yes   yes   yes   no    401   401   401
API: in the search         any              yes   yes   yes   yes   yes   yes   yes   yes   yes   yes   yes
                           private,both     no    no    no    no    no    no    no    no    no    no    no
docker search              =

token for pull             any              r     r     r     r     r     r     r     r     401   401   401
                           private,both     none  none  none  r     r     r     r     none  401   401   401
token for push             any              r     r     r     rw    rw    rw    401   401   401   401   401
                           private,both     none  none  none  rw    rw    rw    401   401   401   401   401
token for delete           any              r     r     r     rd    rd    r     r     r     401   401   401
                           private          none  none  none  rd    rd    r     r     none  401   401   401
                           archived         r     r     r     r     r     r     r     r     401   401   401
                           both             none  none  none  r     r     r     r     none  401   401   401
pull                       any              200   200   200   200   200   200   200   200   401   401   401
                           private,both     401   401   401   200   200   200   200   401   401   401   401
pull by digest             =
pull a layer               =
registry: tags             =
pull it by another name    any              .     404   404   404   404   404   404   404   401   401   401
pull, token for another    any              401   401   401   401   401   401   401   401   401   401   401
push, token for pull       =
upload                     any              401   401   401   202   202   202   401   401   401   401   401
                           archived,both    401   401   401   403   403   403   401   401   401   401   401
push a new tag             any              401   401   401   201   201   201   401   401   401   401   401
                           archived,both    401   401   401   403   403   403   401   401   401   401   401
move a tag                 any              401   401   401   201   201   201   401   401   401   401   401
             archived,both,immutable        401   401   401   403   403   403   401   401   401   401   401
mount its layer            any              .     201   201   201   201   201   401   401   401   401   401
                           private,both     .     202   202   201   201   201   401   401   401   401   401
the layer, if mounted      any              .     200   200   200   200   200   404   404   401   401   401
                           private,both     .     404   404   200   200   200   404   404   401   401   401

page: general              any              302   302   .     200   .     .     .     .     .     .     302
                           private,both     404   404   .     200   .     .     .     .     .     .     404
page: settings             any              login 404   .     200   .     .     .     .     .     .     login
page: webhooks             =
page: tags to delete       =
page: short description    any              login 404   .     done  .     .     .     .     .     .     login
                           archived,both    login 404   .     told  .     .     .     .     .     .     login
page: overview             =
page: visibility           =
page: immutable tags       =
page: webhook made         =
API: descriptions          any              401   403   403   200   200   403   403   403   401   401   401
                           archived,both    401   403   403   403   403   403   403   403   401   401   401
API: visibility            =
API: immutable tags        =
API: try a rule            any              401   403   403   200   200   403   403   403   401   401   401
page: webhook removed      any              login 404   .     done  .     .     .     .     .     .     login
page: tag deleted          any              login 404   .     done  .     .     .     .     .     .     login
             archived,both,immutable        login 404   .     told  .     .     .     .     .     .     login
API: tag deleted           any              401   403   403   204   204   403   403   403   401   401   401
             archived,both,immutable        401   403   403   403   403   403   403   403   401   401   401
registry: image deleted    any              401   401   401   202   202   401   401   401   401   401   401
                           archived,both    401   401   401   401   401   401   401   401   401   401   401
                           immutable        401   401   401   403   403   401   401   401   401   401   401
page: archived             any              login 404   .     done  .     .     .     .     .     .     login
page: active again         =
page: deleted              =
API: deleted               any              401   403   403   202   202   403   403   403   401   401   401
"""
_DEED, _CELLS = 27, 44  # where the name of the deed ends, and where the cells begin
Words = dict[str, dict[str, str]]  # by state and who asks


def read_table() -> dict[str, Words]:
    """By deed, in the order of the table."""
    head, *lines = (line for line in TABLE.splitlines() if line)
    assert tuple(head.split()) == ACTORS
    found: dict[str, Words] = {}
    deed, words = "", Words()
    for line in lines:
        left, cells = line[:_CELLS], line[_CELLS:].split()
        if left[:1] != " ":
            deed = left[:_DEED].strip()
            above, words = words, {}
        where = left.split()[-1]
        if where == "=":
            words = above
        for state in STATES if where == "any" else () if where == "=" else where.split(","):
            words[state] = dict(zip(ACTORS, cells, strict=True))
        found[deed] = words
    return found
