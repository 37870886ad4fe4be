#!/bin/busybox sh
# O que `docker run --rm docker-is-cool` mostra.
/bin/busybox cat /site/camadas.txt
echo
echo "Olá! Você acabou de rodar a docker-is-cool: Docker é muito legal."
echo "Agora ponha uma etiqueta nela e compartilhe com o mundo."
