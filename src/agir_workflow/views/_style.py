"""The style sheet of the page: screen from 320 px up, and two or three sheets of A4."""

STYLE = """
:root{--ink:#1b2733;--soft:#4a5866;--line:#d5dde4;--ground:#f3f6f8;--paper:#fff;--deep:#0b4550;--accent:#0b5563;
--good:#1d6239;--warn:#7a4d00;--bad:#9c2f14;--note:#2c5282;--radius:.5rem}
*{box-sizing:border-box}
html{color-scheme:light;-webkit-text-size-adjust:100%;scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;overflow-wrap:break-word}
.wrap{max-width:72rem;margin:0 auto;padding:0 1.5rem}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--bad);outline-offset:2px;border-radius:2px}
.skip{position:absolute;left:-99rem;top:0;padding:.6rem 1rem;background:var(--paper);z-index:2}
.skip:focus{left:.5rem;top:.5rem}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
time,.nowrap{white-space:nowrap}
.glyph{font-style:normal}
code{font:.85em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;padding:.05em .35em;border-radius:.25rem;
background:var(--ground);border:1px solid var(--line);white-space:nowrap;color:var(--ink)}
h1,h2,h3{line-height:1.25;margin:0;text-wrap:balance}
h1{font-size:clamp(1.5rem,4vw,2.1rem);letter-spacing:-.01em}
h2{font-size:1.3rem;margin-bottom:.9rem}
h3{font-size:1.02rem;margin:1.4rem 0 .6rem}
section{padding:1.9rem 0 0}
p{margin:.3rem 0}
ul,ol{margin:0;padding:0;list-style:none}
.soft,.verb{color:var(--soft)}
.verb{font-weight:400}
.small{font-size:.875rem}
/* head */
.head{background:var(--ground);border-bottom:1px solid var(--line);padding:1.8rem 0 1.4rem}
.head .soft{margin:.3rem 0 0}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1rem 1.5rem;margin:1.3rem 0 0}
.facts div{border-left:3px solid var(--line);padding-left:.8rem}
.facts dt{font-size:.875rem;color:var(--soft)}
.facts dd{margin:0;font-weight:600}
.facts dd span{display:block;font-weight:400;font-size:.875rem;color:var(--soft)}
.facts .v-conforms{border-color:var(--good)}.v-conforms dd b{color:var(--good)}
.facts .v-partial{border-color:var(--warn)}.v-partial dd b{color:var(--warn)}
.facts .v-does_not_conform{border-color:var(--bad)}.v-does_not_conform dd b{color:var(--bad)}
.toc.wrap{padding-top:1rem;font-size:.9375rem}
.toc ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}
.toc a{display:inline-block;padding:.15rem 0}
/* phases */
.steps{display:flex;flex-wrap:wrap;gap:.6rem}
.steps li{flex:1 1 9rem;border-top:4px solid var(--line);padding:.5rem .2rem 0 0}
.steps b,.steps span{display:block}
.steps span{font-size:.875rem;color:var(--soft)}
.steps .past{border-color:var(--accent)}
.steps .current{border-top:4px double var(--bad)}
.steps .current b{color:var(--bad)}
.steps .ahead{border-top-style:dashed;border-color:#8695a3}
.groups{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem}
/* chart */
.gantt svg{display:block;width:100%;height:auto}
.agenda{display:none}
.agenda h3{margin:1rem 0 .3rem;font-size:.95rem;border-bottom:1px solid var(--line);
padding-bottom:.15rem}
.agenda li{display:grid;grid-template-columns:1.2rem 4.6rem 1fr;gap:.4rem;padding:.2rem 0;align-items:baseline}
.agenda .now{display:block;color:var(--bad);font-weight:600;border-top:2px dashed var(--bad);
margin:.5rem 0;padding-top:.2rem}
/* signs of status */
.sign{display:inline-block;width:.85em;height:.85em;border-radius:50%;border:.13em solid var(--accent);
margin-right:.45em;vertical-align:-.04em;background:var(--paper)}
.sign.held{background:var(--accent)}
.sign.fixed{background:radial-gradient(circle,var(--accent) 42%,var(--paper) 48%)}
/* tables */
table{width:100%;border-collapse:collapse;font-size:.9375rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .9rem .5rem 0;border-bottom:1px solid var(--line)}
thead th{font-size:.875rem;color:var(--soft);font-weight:600;border-bottom:2px solid var(--ink)}
tbody th{font-weight:600}
td span.soft,th span.soft{display:block;font-weight:400;font-size:.875rem}
tr.now td{padding:.3rem 0;color:var(--bad);font-weight:600;font-size:.875rem;border-bottom:2px dashed var(--bad)}
tr:target{background:#fdf3dc}
.late{color:var(--bad);font-weight:600}
.why{font-size:.875rem}
.why span{display:inline-block;margin-right:.6rem}
/* lists */
.two{display:grid;grid-template-columns:minmax(0,1fr);gap:0 2.5rem}
@media (min-width:60rem){.two{grid-template-columns:minmax(0,2fr) minmax(0,3fr)}}
.two h3{margin-top:0}
.items>li{border-top:1px solid var(--line);padding:.55rem 0}
.items b{font-weight:600}
.reasons{margin:.3rem 0 0}
.reasons>li{padding:.2rem 0 .2rem .9rem;border-left:3px solid var(--line);margin-top:.25rem;font-size:.9375rem}
.lifts{color:var(--soft);font-size:.875rem}
details{margin-top:.5rem}
.papers details{margin-top:.1rem}
.papers{font-weight:400;font-size:.875rem}
summary{cursor:pointer;color:var(--accent);padding:.2rem 0;width:fit-content}
.findings>li{border:1px solid var(--line);border-left:4px solid var(--soft);border-radius:var(--radius);
padding:.7rem 1rem;margin-top:.7rem}
.findings .error{border-left-color:var(--bad)}
.findings .warning{border-left:4px dashed var(--warn)}
.findings .info{border-left:4px dotted var(--note)}
.level{font-weight:700;margin-right:.5rem}
.error .level{color:var(--bad)}.warning .level{color:var(--warn)}.info .level{color:var(--note)}
.said{font-weight:600;margin:.25rem 0}
.meta{font-size:.875rem;color:var(--soft);display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin-top:.3rem}
q{quotes:none;font-style:italic}
.coverage{display:flex;flex-wrap:wrap;gap:.3rem 1.8rem;margin:.2rem 0 0}
.coverage div{display:flex;gap:.4rem;flex-direction:row-reverse}
.coverage dd{margin:0;font-weight:700}
.dots{list-style:disc;padding-left:1.2rem}
footer{margin-top:2.2rem;padding:1.1rem 0 1.6rem;border-top:1px solid var(--line);font-size:.875rem;color:var(--soft)}
.paper{display:none}
@media screen and (max-width:50rem){
.wrap{padding:0 1rem}
.gantt{display:none}.agenda{display:block}
table,thead,tbody,tr,th,td{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tbody tr{border-bottom:1px solid var(--line);padding:.6rem 0}
tbody tr{display:flex;flex-direction:column}
tbody th{order:-1}
tbody th,tbody td{border:0;padding:.1rem 0}
tbody td[data-label]{position:relative;padding-left:5.6rem}
tbody td[data-label]::before{content:attr(data-label);position:absolute;left:0;color:var(--soft);font-size:.875rem}
#summary-table td[data-label]{padding-left:11rem}
td span.soft{display:inline;margin-left:.4rem}
.why span.soft{margin-left:0}
td:empty,.idle{display:none}
.two>div+div h3{margin-top:1.4rem}
.steps{flex-direction:column}
.steps li{flex:none;border-top:0;border-left:4px solid var(--line);padding:.1rem 0 .1rem .8rem}
.steps .current{border-top:0;border-left:4px double var(--bad)}
.steps .ahead{border-left-style:dashed}
}
@media print{
@page{size:A4;margin:9mm 11mm}
html{font-size:7.6pt;scroll-behavior:auto}
body{line-height:1.32;-webkit-print-color-adjust:exact;print-color-adjust:exact}
.wrap{max-width:none;padding:0}
.skip,.toc,.top,.screen{display:none!important}.paper{display:block}.items.few>li:nth-child(n+3),.findings.few>li:nth-child(n+7),.findings.few .small{display:none}
summary{list-style:none;color:var(--soft)}summary::-webkit-details-marker{display:none}
.head{padding:0 0 2.5mm;background:none;border-bottom:1.5pt solid var(--ink)}
.facts{grid-template-columns:repeat(4,1fr);margin-top:2mm}
section{padding-top:3mm}
h2{margin-bottom:1.2mm}h3{margin:1.6mm 0 .8mm}
h2,h3,thead{break-after:avoid}
tr,li,svg,.coverage,.facts{break-inside:avoid}
thead{display:table-header-group}tbody tr:nth-child(-n+2){break-before:avoid}
th,td{padding:.6mm 2mm .6mm 0}
td span.soft{display:inline;margin-left:1mm}.why span.soft{margin-left:0}
#todos table,#todos tbody{display:block}#todos thead{display:none}
#todos tbody{columns:2;column-gap:6mm}
#todos tr{display:block;padding:.3mm 0;border-bottom:.2mm solid var(--line);line-height:1.22}
#todos th,#todos td{display:inline;padding:0;border:0}#todos th:not(:last-child)::after,#todos td:not(:last-child)::after{content:" · ";font-weight:400}
#todos .why span{margin:0}#todos .why span:has(code){font-size:0}#todos .why code{font-size:5.4pt;padding:0 .4mm;margin:0 .6mm 0 0}
.items>li{padding:.8mm 0}.reasons>li{padding:0 0 0 2mm;margin-top:.5mm}
.findings{columns:2;column-gap:4mm}.findings>li{padding:1mm 2.5mm;margin:0 0 1mm}.said{margin:.4mm 0}
details{margin-top:.8mm}
.many{display:flex;flex-direction:column}.many #calendar{order:1}
.two{display:block}.two .items{columns:2;column-gap:4mm}
a{color:inherit;text-decoration:none}
footer{margin-top:3mm;padding:1.5mm 0 0}
}
""".strip()
