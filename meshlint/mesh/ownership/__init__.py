"""Who owns a file of the repository, as the platform that hosts it would say.

In: the root of the repository. Out: `CodeOwners`, which answers for one path at a time. Knows the CODEOWNERS
dialects of GitHub, GitLab, Bitbucket Cloud and Gitea; knows no resource, no rule and no git. Branch
protection, membership and write access cannot be seen from files and are not guessed.
"""
