import { chromium } from 'playwright-core';
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
async function run(name,{docs,firstVisitDocs}){
 const ctx=await b.newContext({viewport:{width:360,height:740},deviceScaleFactor:2,hasTouch:true,isMobile:true,locale:'zh-CN',timezoneId:'Asia/Shanghai'});
 const p=await ctx.newPage(); p.on('pageerror',e=>console.log(name,'PAGEERROR',e.message)); p.on('console',m=>{if(m.type()=='error')console.log(name,'ERR',m.text())});
 await p.goto('http://localhost:8787/#device=wb_device_1ygSjrTfppwjVF-QZDdzz19r_1wWh8yMpHKiwCfugPY');
 await p.getByText('已存到手机，没网也能用').waitFor({timeout:20000});
 await p.waitForTimeout(2000);
 if(!firstVisitDocs){await p.reload();await p.waitForTimeout(2500)}
 await p.getByText('地点：还没有选').click();await p.waitForTimeout(300);await p.getByText('宁夏固原').first().click();await p.waitForTimeout(500);
 await ctx.setOffline(true);
 await p.getByText('学校手机管理检查').first().click(); await p.waitForTimeout(1500); await p.screenshot({path:`/tmp/x/shots/b-${name}-form.png`}); 
 if(0)await p.locator('input[type=text]:visible,input:not([type]):visible').first().fill('测试单位').catch(e=>console.log(e.message.slice(0,80)));
 const box=p.getByText('被检查单位名称').locator('xpath=following::input[1]'); await box.fill('测试中学'+name,{timeout:3000});
 await p.getByText('提交',{exact:true}).click(); await p.waitForTimeout(800);
 await p.getByText('照样提交').last().click(); await p.waitForTimeout(1500);
 const title=async()=>(await p.evaluate(()=>document.querySelector('main')?.innerText.slice(0,90)||document.body.innerText.slice(0,120))).replace(/\n+/g,'/');
 console.log(name,'after submit',await title());
 if(docs){await p.getByText('出文书：报告、整改提示').click();await p.waitForTimeout(1500);console.log(name,'docs',await title());await p.screenshot({path:`/tmp/x/shots/b-${name}-docs.png`}); const bk=p.getByText('← 回到检查表'); if(await bk.count()){await bk.click();await p.waitForTimeout(500)}}
 await ctx.setOffline(false); 
 for(let i=0;i<40;i++){await p.waitForTimeout(500);const t=await title();if(/已签收/.test(t)){console.log(name,'received shown after',(i+1)*0.5,'s',t);break} if(i==39)console.log(name,'NOT shown after 20s:',t)}
 await p.screenshot({path:`/tmp/x/shots/b-${name}-end.png`});
 await ctx.close();
}
await run('A-nodocs',{docs:false});
await run('B-docs',{docs:true});
await run('C-firstvisit',{docs:true,firstVisitDocs:true});
await b.close();
