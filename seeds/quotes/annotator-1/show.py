import sys,msgspec,pathlib
from communique.records import QuotedDocument
from communique.build.align import align
q=msgspec.json.decode(pathlib.Path(sys.argv[1]).read_bytes(),type=QuotedDocument)
text=pathlib.Path('/work/tmp/ann/river2/texts',q.id+'.txt').read_text()
a=align(text,q)
for e in a.entities: print(str(e)[:600])
for t in a.attributions:
  print(str(t)[:400])
