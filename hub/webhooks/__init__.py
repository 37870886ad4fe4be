"""Webhooks: a POST to an address of the owner's for each tag that is pushed.

What is sent has the form of Docker Hub's (https://docs.docker.com/docker-hub/repos/manage/webhooks/). How
often the real hub tries again, and how many webhooks a repository may have, is not documented: both are ours.
A push whose notification was lost (the registry died with it) is found later, and told to nobody.
"""
