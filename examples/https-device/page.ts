// The device's page: one file without anything to fetch but /state, made for a phone's screen. ASCII, in pieces of a
// few hundred bytes (http.ts turns them into bytes one by one); all of it lies in flash.

import type { Body } from "./http.js";

const BEFORE: Body = Object.freeze([
	'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
	'<title>polltls device</title><link rel="icon" href="data:,"><style>',
	":root{color-scheme:light dark;--back:#eef1f5;--card:#fff;--text:#16202c;--soft:#66758a;--line:#e3e8ee;--mark:#0b7a5c;--glow:#ffb020}",
	"@media(prefers-color-scheme:dark){:root{--back:#0f141a;--card:#182029;--text:#e8eef5;--soft:#8fa0b5;--line:#26313d;--mark:#35d0a0;--glow:#ffc04d}}",
	"*{box-sizing:border-box;margin:0}body{background:var(--back);color:var(--text);font:16px/1.45 system-ui,sans-serif;padding:20px 16px 32px}",
	"main{max-width:480px;margin:0 auto;display:grid;gap:14px}header{display:flex;align-items:center;gap:12px}h1{font-size:22px;letter-spacing:-.01em}",
	"section{background:var(--card);border-radius:16px;padding:16px 18px;box-shadow:0 1px 2px #0001,0 6px 18px #0000000a}",
	"h2{font-size:12px;font-weight:600;text-transform:uppercase;letter-spacing:.08em;color:var(--soft);margin-bottom:8px}",
	".live{margin-left:auto;font-size:13px;color:var(--soft)}.live:before{content:'';display:inline-block;width:8px;height:8px;border-radius:4px;background:var(--mark);margin-right:6px}",
	".lost:before{background:#d33}dl{display:grid;grid-template-columns:auto 1fr}dt,dd{padding:7px 0;border-top:1px solid var(--line)}",
	"dt:first-of-type,dd:first-of-type{border:0}dt{color:var(--soft);padding-right:16px}dd{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}",
	"#suite{font-size:13px;line-height:23px}.bar{height:10px;border-radius:5px;background:var(--line);overflow:hidden;margin:2px 0 8px}",
	".bar i{display:block;height:100%;width:0;background:var(--mark);border-radius:5px;transition:width .4s}.soft{color:var(--soft);font-size:14px}",
	".led{display:flex;align-items:center;gap:16px}.led b{flex:1;font-size:17px}.bulb{width:34px;height:34px;border-radius:17px;background:var(--line);transition:.2s}",
	".on .bulb{background:var(--glow);box-shadow:0 0 22px var(--glow)}button{font:inherit;font-weight:600;border:0;border-radius:12px;padding:12px 20px;min-width:110px;",
	"background:var(--mark);color:#fff;cursor:pointer}@media(prefers-color-scheme:dark){button{color:#0f141a}}button:active{filter:brightness(.9)}",
	"</style></head><body><main><header><svg width=34 height=34 viewBox='0 0 34 34'><rect width=34 height=34 rx=10 fill='var(--mark)'/>",
	"<path d='M12 15v-3a5 5 0 0 1 10 0v3' fill=none stroke=#fff stroke-width=2.4 /><rect x=9 y=15 width=16 height=11 rx=3 fill=#fff /></svg>",
	"<h1>polltls device</h1><span class=live id=live>live</span></header>",
	"<section class=led id=led><div class=bulb></div><b id=ledtext>LED off</b><button id=toggle>Switch</button></section>",
	"<section><h2>This connection</h2><dl><dt>Version<dd id=version><dt>Suite<dd id=suite><dt>Group<dd id=group></dl></section>",
	"<section><h2>Device</h2><dl><dt>Uptime<dd id=uptime><dt>Connections<dd id=connections><dt>Requests<dd id=requests><dt>Polls<dd id=polls><dt>Longest poll<dd id=longest></dl></section>",
	"<section><h2>Heap</h2><div class=bar><i id=bar></i></div><p class=soft id=heap></p></section>",
	"</main><script>const q=i=>document.getElementById(i),kb=n=>Math.round(n/1024)+' KB';let led=false;",
	"function time(s){const d=s/86400|0,h=s/3600%24|0,m=s/60%60|0;return(d?d+' d ':'')+(d||h?h+' h ':'')+(s>59?m+' min ':'')+s%60+' s'}",
	"function show(s){led=s.led;q('led').classList.toggle('on',led);q('ledtext').textContent='LED '+(led?'on':'off');q('version').textContent=s.version;",
	"q('suite').textContent=s.suite;q('group').textContent=s.group;q('uptime').textContent=time(s.uptime);q('connections').textContent=s.connections+' of '+s.pool;",
	"q('requests').textContent=s.requests;q('polls').textContent=s.polls.toLocaleString();q('longest').textContent=s.longestPollMs.toFixed(1)+' ms';",
	"q('heap').textContent=s.heapUsed?kb(s.heapUsed)+' in use, '+kb(s.heapPeak)+' at most, of '+kb(s.heapSize):'unknown';q('bar').style.width=(s.heapSize?100*s.heapUsed/s.heapSize:0)+'%'}",
	"async function ask(p,o){try{const r=await fetch(p,{cache:'no-store',...o});show(await r.json());q('live').className='live';q('live').textContent='live'}",
	"catch{q('live').className='live lost';q('live').textContent='no answer'}}",
	"q('toggle').onclick=()=>ask('/led',{method:'PUT',body:led?'off':'on'});setInterval(()=>document.hidden||ask('/state'),2000);show(",
]);
const AFTER: Body = Object.freeze([")</script></body></html>\n"]);

/** The page, with the state in it that it shows first (JSON without "<"). */
export function page(state: string): Body {
	return [...BEFORE, state, ...AFTER];
}
