//! The page of a document, in the document's own order: each clause's words beside the rules that it became.
//!
//! In: a register, the rules that rest on its clauses. Out: HTML. Must not know: files.

use super::coverage::{Coverage, Status};
use super::html::{Html, both, code, escape, link, page};
use super::library::{Head, Places};
use super::page::{period, text, word};
use super::rule::Rules;
use crate::project::Project;
use rules_compiler::ast::{Clause, Register, Source};
use rules_compiler::compile::Registers;
use rules_core::form::Text;
use std::collections::BTreeMap;

/// What the pages of all documents share.
pub(super) struct Book<'p> {
    registers: &'p Registers,
    coverage: &'p Coverage<'p>,
    rules: Rules<'p>,
    heads: BTreeMap<String, Head>,
    places: Places,
}

/// A line of the search index: page, anchor, what is shown and looked through.
pub(super) struct Entry {
    pub(super) page: String,
    pub(super) anchor: String,
    pub(super) place: String,
    pub(super) quote: String,
    /// Looked through, not shown: English, headings, titles and remedies of rules, ids.
    pub(super) more: String,
}

impl<'p> Book<'p> {
    pub(super) fn new(
        project: &'p Project,
        coverage: &'p Coverage<'p>,
        heads: BTreeMap<String, Head>,
        places: Places,
    ) -> Book<'p> {
        Book {
            registers: &project.registers,
            coverage,
            rules: Rules::new(project),
            heads,
            places,
        }
    }

    /// The whole page of a document.
    pub(super) fn written(&self, register: &Register) -> String {
        let mut out = Html::new();
        out.raw(HOME);
        out.both("h1", &text(&register.title));
        self.head(&mut out, register);
        out.raw(SEARCH);
        if register.complete {
            self.counts(&mut out, register);
        }
        contents(&mut out, register);
        let mut heading = "";
        for clause in &register.clauses {
            if clause.heading != heading {
                heading = &clause.heading;
                out.raw(&format!("<h2>{}</h2>\n", escape(heading)));
            }
            self.clause(&mut out, register, clause);
        }
        out.raw(SCRIPTS);
        page(&register.title.zh, &out.0)
    }

    fn head(&self, out: &mut Html, register: &Register) {
        let source = register.clauses.first().map(|clause| &clause.source);
        let head = self.heads.get(&register.document.value);
        out.raw("<dl>\n");
        if let Some(source) = source {
            out.fact("发布", "Publisher", &escape(&source.publisher));
        }
        if let Some(head) = head {
            out.fact("文号与日期", "Number and date", &escape(&head.version));
        }
        if let Some(source) = source {
            out.fact("施行", "In force", &period(source.effective));
        }
        if register.jurisdiction != 0 {
            out.fact("地区", "Area", &escape(&self.places.named(register.jurisdiction)));
        }
        if let Some(source) = source {
            out.fact("核对", "Provenance", &escape(word(&source.grade.value)));
            out.fact("链接", "Link", &link(&source.link));
        }
        if let Some(head) = head {
            out.fact("读到之处", "Read at", &escape(&head.provenance));
            out.fact("附注", "Remark", &escape(&head.note));
        }
        out.raw("</dl>\n");
        if !register.complete {
            out.raw("<p><small>摘录：只列规则所依据的条文。<span lang=\"en\">Excerpts: the articles that rules rest on.</span></small></p>\n");
        }
    }

    fn counts(&self, out: &mut Html, register: &Register) {
        out.raw("<p>");
        let counts = Status::ALL.iter().zip(self.coverage.counts(register));
        for (status, count) in counts.filter(|(_, count)| *count > 0) {
            let (zh, en) = status.text();
            out.raw(&format!(
                "<span class=\"tag {}\">{zh} {count} <small lang=\"en\">{en}</small></span> ",
                status.word()
            ));
        }
        out.raw("</p>\n");
    }

    fn clause(&self, out: &mut Html, register: &Register, clause: &Clause) {
        let source = &clause.source;
        out.raw(&format!("<article id=\"{}\">\n<h3>", escape(&source.id.value)));
        out.text(&source.article);
        if register.complete {
            let status = self.coverage.status(clause);
            let (zh, en) = status.text();
            out.raw(&format!(
                " <span class=\"tag {}\">{zh} <small lang=\"en\">{en}</small></span>",
                status.word()
            ));
        }
        out.raw("</h3>\n<blockquote>").text(&source.quote.value);
        if !clause.gloss.is_empty() {
            out.raw("<footer lang=\"en\">")
                .text(&clause.gloss)
                .raw("</footer>");
        }
        out.raw("</blockquote>\n<dl>\n");
        out.fact("对象", "Addressee", &escape(&clause.subject));
        out.fact("责任单位", "Responsible", &both(&text(&source.duty)));
        out.fact("说明", "Note", &both(&text(&source.note)));
        out.fact(
            "不能判定的理由",
            "Why not decidable",
            &both(&text(&clause.undecidable)),
        );
        if register.complete {
            out.fact("条款号", "Clause id", &code(&source.id.value));
        }
        out.raw("</dl>\n");
        self.behind(out, source);
        for one in self.coverage.uses(clause) {
            self.rules.written(out, one, self.registers);
        }
        out.raw("</article>\n");
    }

    /// The statutes behind a clause, in their own words.
    fn behind(&self, out: &mut Html, source: &Source) {
        for id in &source.behind {
            let Some((register, law)) = self.registers.get(&id.value) else {
                continue;
            };
            // A plan of 2023 may rest on a regulation of 2024: from its day on.
            let later = match (law.source.effective.from, source.effective.from) {
                (Some(law), Some(own)) if law > own => {
                    " <span class=\"tag open\">文件印发后施行 <small lang=\"en\">later than the document</small></span>"
                }
                _ => "",
            };
            out.raw(&format!(
                "<details class=\"law\"><summary>《{}》{} <small>{} {}</small>{later}</summary><blockquote>{}\
                 <footer><a href=\"{}\">查看法条 <small lang=\"en\">Open</small></a></footer></blockquote></details>\n",
                escape(&law.source.title),
                escape(&law.source.article),
                period(law.source.effective),
                escape(word(&law.source.grade.value)),
                escape(&law.source.quote.value),
                escape(&address(register, &law.source.id.value)),
            ));
        }
    }

    /// What the search looks through.
    pub(super) fn entries(&self, register: &Register) -> Vec<Entry> {
        let entry = |clause: &Clause| {
            let source = &clause.source;
            let mut more = vec![
                source.id.value.as_str(),
                &clause.gloss,
                &clause.heading,
                &clause.subject,
                &source.note.zh,
            ];
            for one in self.coverage.uses(clause) {
                let rule = one.rule;
                more.extend([
                    rule.title.zh.as_str(),
                    rule.title.en.as_str(),
                    rule.id.value.as_str(),
                    rule.remedy.zh.as_str(),
                ]);
            }
            Entry {
                page: file_name(register),
                anchor: source.id.value.clone(),
                place: format!("{} {}", register.title.zh, source.article),
                quote: source.quote.value.clone(),
                more: more.join(" "),
            }
        };
        register.clauses.iter().map(entry).collect()
    }
}

/// The file of a document's page.
pub(super) fn file_name(register: &Register) -> String {
    format!("document-{}.html", register.document.value)
}

/// Where a clause stands in the book.
pub(super) fn address(register: &Register, clause: &str) -> String {
    format!("{}#{clause}", file_name(register))
}

/// The way back to the index.
pub(super) const HOME: &str =
    "<p><a href=\"index.html\">全部文件与规则 <small lang=\"en\">All documents and rules</small></a></p>\n";

/// A field to type into; the script beside it finds clauses in all documents.
pub(super) const SEARCH: &str = "<form class=\"search\" role=\"search\" hidden><label>查找条款 <small lang=\"en\">Find a clause</small>\
<input type=\"search\" autocomplete=\"off\" placeholder=\"第31项、心理教师、200米、tobacco…\"></label><ol aria-live=\"polite\"></ol></form>\n\
<noscript><p>可用浏览器自带的查找（Ctrl+F），如“第31项”。<span lang=\"en\">Use the browser's own search.</span></p></noscript>\n";

/// Read from disk, a page may not fetch; so the index is a script too.
pub(super) const SCRIPTS: &str =
    "<script src=\"search-index.js\" defer></script>\n<script src=\"search.js\" defer></script>\n";

/// Headings with the first and last item below them.
fn contents(out: &mut Html, register: &Register) {
    out.raw("<nav aria-label=\"目录\">\n");
    for group in register.clauses.chunk_by(|a, b| a.heading == b.heading) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let head = if first.heading.is_empty() {
            "条款"
        } else {
            &first.heading
        };
        let (from, to) = (item(&first.source.article), item(&last.source.article));
        let range = match (from, to) {
            (Some(from), Some(to)) if from == to => format!("（第{from}项）"),
            (Some(from), Some(to)) => format!("（第{from}—{to}项）"),
            _ => String::new(),
        };
        out.raw(&format!(
            "<details><summary>{}{range}</summary><ul>\n",
            escape(head)
        ));
        for clause in group {
            let quote: String = clause.source.quote.value.chars().take(36).collect();
            out.raw(&format!(
                "<li><a href=\"#{}\">{}</a> {}…</li>\n",
                escape(&clause.source.id.value),
                escape(&clause.source.article),
                escape(&quote)
            ));
        }
        out.raw("</ul></details>\n");
    }
    out.raw("</nav>\n");
}

/// `31` of `附件 … 第31项`.
fn item(article: &str) -> Option<&str> {
    let (_, last) = article.rsplit_once('第')?;
    let number = last.strip_suffix('项')?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then_some(number)
}

/// The tables of the documents for the index.
pub(super) fn table(out: &mut Html, coverage: &Coverage<'_>) {
    let shown: Vec<Status> = Status::ALL
        .into_iter()
        .enumerate()
        .filter(|(at, _)| {
            coverage
                .complete()
                .any(|register| coverage.counts(register).get(*at).is_some_and(|count| *count > 0))
        })
        .map(|(_, status)| status)
        .collect();
    out.raw("<h2>文件 <small lang=\"en\">Documents</small></h2>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"stack\">\n<thead><tr><th>文件</th><th>条款</th><th>规则</th>");
    for status in &shown {
        let (zh, en) = status.text();
        out.raw(&format!("<th>{zh} <small lang=\"en\">{en}</small></th>"));
    }
    out.raw("</tr></thead><tbody>\n");
    let (mut clauses, mut open) = (0, 0);
    for register in coverage.complete() {
        out.raw(&format!(
            "<tr><td><a href=\"{}\">{}</a></td><td data-label=\"条款\">{}</td><td data-label=\"规则\">{}</td>",
            escape(&file_name(register)),
            both(&text(&register.title)),
            register.clauses.len(),
            coverage.rules(register)
        ));
        clauses += register.clauses.len();
        for (status, count) in Status::ALL.iter().zip(coverage.counts(register)) {
            if *status == Status::Open {
                open += count;
            }
            if shown.contains(status) {
                out.raw(&format!("<td data-label=\"{}\">{count}</td>", status.text().0));
            }
        }
        out.raw("</tr>\n");
    }
    out.raw(&format!(
        "</tbody></table></div>\n<p>{clauses} 条可检查条款中已处理 {} 条。<span lang=\"en\">{} of {clauses} checkable clauses are dealt with.</span></p>\n",
        clauses - open,
        clauses - open
    ));
    out.raw("<h2>法律、法规与通知 <small lang=\"en\">Statutes and notices</small></h2>\n<ul>\n");
    for register in coverage.registers.iter().filter(|register| !register.complete) {
        out.raw(&format!(
            "<li><a href=\"{}\">{}</a></li>\n",
            escape(&file_name(register)),
            both(&text(&register.title))
        ));
    }
    out.raw("</ul>\n");
    out.raw(LEGEND);
}

/// What the marks of the book mean.
const LEGEND: &str = "<h2>图例 <small lang=\"en\">Legend</small></h2>\n<dl>\n\
<dt>已核对原文 <small lang=\"en\">original</small></dt><dd>引文逐字见于公布机关或者公开法律文本库的原文。</dd>\n\
<dt>见于转载 <small lang=\"en\">repost</small></dt><dd>只见于转载网页，文字可信，出处待核。</dd>\n\
<dt>特别严重、严重、一般、轻微 <small lang=\"en\">severity</small></dt><dd>本书建议的轻重，不是法定分类。</dd>\n\
<dt>建议值 <small lang=\"en\">proposed</small></dt><dd>原文没有写，本书按通常理解取的值，当地可以另定。</dd>\n\
<dt>未设定 <small lang=\"en\">not set</small></dt><dd>法律和文件都没有写，要由有权机关定；设定之前，依赖它的结论是“未能判定”。</dd>\n\
<dt>判定示例 <small lang=\"en\">cases</small></dt><dd>虚构的填报，用来说明规则怎样判，不是真实案件。</dd>\n</dl>\n";

/// The index of the search as a script.
pub(super) fn search_index(entries: &[Entry]) -> String {
    let quoted = |text: &str| {
        rules_core::json::Json::from(text)
            .canonical()
            .replace('<', "\\u003c")
    };
    let mut out = String::from("window.clauses=[\n");
    for one in entries {
        let fields = [&one.page, &one.anchor, &one.place, &one.quote, &one.more];
        let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
        out.push_str(&format!("[{}],\n", fields.join(",")));
    }
    out.push_str("];\n");
    out
}

/// The title of the book.
pub(super) fn title() -> Text {
    Text {
        zh: "规则汇编".to_owned(),
        en: "The book of rules".to_owned(),
    }
}
