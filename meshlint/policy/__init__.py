"""Policy as code: rule files become running rules, which judge views of the mesh.

In: rule files and the resolved mesh. Out: faults and undecided judgements, as plain values. It knows no
report, no suppression and no position in a manifest: a fault names a place, and `findings` turns it into
lines.

    rule_file, schema, loader        a rule file, its shape, its mistakes
    lexicon, vocabulary, expressions what a rule may say, and CEL
    compiler, folder, catalogue      rules compiled, and kept compiled
    packs, installed, checks         rules and checks of others
    library                          the rules of a run, those of packs included
    views                            the mesh as rules see it
    templates, selection, engine     messages, which rules run, and running them
    expectations                     what an example says that a rule finds in it
"""
