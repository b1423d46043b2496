from __future__ import annotations
import sys
from infra.local.places import ROOT
sys.path.insert(0, str(ROOT / "layers" / "core"))
from infra.bench.stage import Stage
from infra.bench.cpu import Bench
from infra.bench.report import *
from infra.bench import calls
import time
with Stage() as stage:
    b = Bench(stage)
    t=time.time()
    c = b.run(10)
    print(time.time()-t)
    names=b.corpus.names
    rows=[]
    for n in names:
        rows.append((n, f"{len(b.corpus.mail(n).raw)}", Sample(tuple(x*1e3 for x in c.product[n])).text(), Sample(tuple(x*1e3 for x in c.intake[n])).text(), Sample(tuple(x*1e3 for x in c.floor[n])).text(), Sample(tuple(x*1e3 for x in c.bare[n])).text(),Sample(tuple(x*1e3 for x in c.headers[n])).text(), Sample(tuple(x*1e3 for x in c.parse[n])).text(), c.ratio(c.floor,[n]).text(), c.ratio(c.bare,[n]).text()))
    print(table("x", ("mail","bytes","product","intake","floor","bare","headers","parse","r","rb"), rows))
    print(c.ratio(c.floor,names).text(), c.ratio(c.with_headers,names).text(), c.ratio(c.bare,names).text())
    a, asked = b.arrive("plain") if "plain" in names else b.arrive(names[0])
    print(calls.by_operation(asked), calls.by_service(asked))
    for x in asked: print(x.service,x.operation,x.sent,x.received,x.tries)
