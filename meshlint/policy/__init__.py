"""Policy as code: rule files become running rules, which judge views of the mesh.

In: rule files and the resolved mesh. Out: faults and undecided judgements, as plain values. It knows no
report, no suppression and no position in a manifest: a fault names a place, and `findings` turns it into
lines.

    rule_files                       a rule file: its shape, its mistakes, compiled
    lexicon, vocabulary, expressions what a rule may say, and CEL
    rule, catalogue                  rules compiled, and kept compiled
    packs, installed, checks         rules and checks of others
    selection                        which rules run, and where
    views, scope                     the mesh as rules see it
    templates, fixes                 messages and fixes of one finding
    engine, sharing, judgement       running the rules
    authoring                        what whoever writes a rule asks
"""
