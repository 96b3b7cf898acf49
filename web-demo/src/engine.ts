// The one door to the engine: the npm package, its types, and words for what can go wrong when it is loaded. The page holds no
// rule logic of its own.

import { load, RulesError, type Ruleset } from '@weibao/rules';
import { say } from './ui/i18n.ts';

export type {
  Clause, Description, Field, FieldType, Finding, Layer, Param, Problem, Report, Rule, Ruleset, SectionCounts, Session,
} from '@weibao/rules';

export function loadRuleset(address: string): Promise<Ruleset> {
  return load(address);
}

/** Why the engine or a bundle could not be loaded, in words. */
export function loadFault(error: unknown): () => string {
  const code = error instanceof RulesError ? error.code : '';
  return () => {
    if (code === 'wasm_unsupported' || code === 'wasm_blocked') {
      return say(
        '这个浏览器不能运行本页的规则引擎（WebAssembly 不可用或者被安全策略禁止）。请换用新版浏览器，或请管理员在内容安全策略里允许 wasm-unsafe-eval。',
        'This browser cannot run the rule engine: WebAssembly is missing or forbidden by a security policy. Use a current browser, or ask the administrator to allow wasm-unsafe-eval.');
    }
    if (code === 'wasm_unavailable' || code === 'wasm_damaged' || code === 'source_unavailable') {
      return navigator.onLine
        ? say('规则下载失败。请检查网络后重试。', 'The rules could not be downloaded. Check the connection and try again.')
        : say('手机没有联网，规则还没有下载。联网后重试。', 'This device is offline and the rules are not here yet. Try again when connected.');
    }
    if (code.startsWith('B')) {
      return say(`规则包不能用（${code}）：内容不完整，或者比本页新。请刷新页面。`, `The rules cannot be used (${code}): the file is damaged or newer than this page. Reload the page.`);
    }
    return say(`规则没有加载成功${code ? `（${code}）` : ''}。请重试。`, `The rules were not loaded${code ? ` (${code})` : ''}. Try again.`);
  };
}
