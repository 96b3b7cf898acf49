import { chromium } from 'playwright-core';
import http from 'node:http';
const ctx = await chromium.launchPersistentContext('/tmp/x/profile',{executablePath:'/usr/bin/chromium',args:['--no-sandbox'],headless:true,viewport:{width:360,height:740},deviceScaleFactor:2,hasTouch:true,isMobile:true,locale:'zh-CN',timezoneId:'Asia/Shanghai',geolocation:{latitude:36.0164,longitude:106.2787,accuracy:8},permissions:['geolocation'],acceptDownloads:true});
let page = ctx.pages()[0] ?? await ctx.newPage();
const S={taps:0,log:[],ctx,page};
ctx.on('page',p=>S.log.push('NEWPAGE '+p.url()));
const wire=p=>{p.on('dialog',async d=>{S.log.push('DIALOG '+d.type()+': '+d.message());await (S.dismiss?d.dismiss():d.accept(S.answer||''));});p.on('console',m=>{if(['error','warning'].includes(m.type()))S.log.push('CONSOLE '+m.text())});p.on('pageerror',e=>S.log.push('PAGEERROR '+e.message));p.on('filechooser',f=>{S.fc=f;S.log.push('FILECHOOSER')})};
wire(page);
S.tap=async(x,y)=>{S.taps++;await page.touchscreen.tap(x,y);await page.waitForTimeout(250)};
S.tt=async(t,n=0)=>{ // tap the visible element with this text
 const l=typeof t==='string'?page.getByText(t,{exact:true}).locator('visible=true').nth(n):t; await l.scrollIntoViewIfNeeded(); await l.tap({timeout:3000}); S.taps++; await page.waitForTimeout(250)};
S.type=async(s)=>{S.typed=(S.typed||0)+1;await page.keyboard.type(s);};
let k=0;
S.shot=async(n,full)=>{const f=`/tmp/x/shots/${String(++k).padStart(3,'0')}-${n}.png`;await page.screenshot({path:f,fullPage:!!full});return f};
S.txt=async()=>page.evaluate(()=>document.body.innerText);
const AF=Object.getPrototypeOf(async function(){}).constructor;
http.createServer((q,r)=>{let b='';q.on('data',c=>b+=c);q.on('end',async()=>{S.log.length=0;let o;try{const f=new AF('S','page','ctx',b);o=await f(S,page,ctx)}catch(e){o='ERR '+e.message}r.end(JSON.stringify({o,taps:S.taps,log:S.log},null,1).replace(/\\n/g,'\n')+'\n');if(b.includes('//QUIT')){await ctx.close();process.exit(0)}})}).listen(9911,'127.0.0.1');
