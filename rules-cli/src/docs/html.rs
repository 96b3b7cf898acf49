//! HTML that cannot be broken by what it shows: every text goes through `escape`.
//!
//! In: texts. Out: markup. Must not know: rulesets.

use rules_core::form::Text;

/// Markup.
#[derive(Default)]
pub(crate) struct Html(pub(crate) String);

impl Html {
    pub(crate) fn new() -> Html {
        Html::default()
    }

    /// Markup that was made here.
    pub(crate) fn raw(&mut self, markup: &str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// A text.
    pub(crate) fn text(&mut self, text: &str) -> &mut Html {
        self.0.push_str(&escape(text));
        self
    }

    /// An element with the Chinese, and the English below it.
    pub(crate) fn both(&mut self, tag: &str, text: &Text) -> &mut Html {
        let name = tag.split(' ').next().unwrap_or(tag);
        self.raw(&format!("<{tag}>{}</{name}>\n", both(text)))
    }

    /// A row of a table of facts, left out where there is nothing.
    pub(crate) fn fact(&mut self, zh: &str, en: &str, markup: &str) -> &mut Html {
        if !markup.is_empty() {
            self.raw(&format!(
                "<dt>{} <small lang=\"en\">{}</small></dt><dd>{markup}</dd>\n",
                escape(zh),
                escape(en)
            ));
        }
        self
    }
}

/// The Chinese, and the English smaller behind it.
pub(crate) fn both(text: &Text) -> String {
    let chinese = escape(&text.zh);
    if text.en.is_empty() {
        chinese
    } else {
        format!("{chinese} <small lang=\"en\">{}</small>", escape(&text.en))
    }
}

/// Text that is safe between tags and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Source text.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("<code>{}</code>", escape(text))
    }
}

/// A link, if the address is one that a page may link to.
pub(crate) fn link(address: &str) -> String {
    let shown = escape(address);
    if address.starts_with("https://") || address.starts_with("http://") {
        format!("<a href=\"{shown}\" rel=\"noreferrer\">{shown}</a>")
    } else {
        shown
    }
}

/// A whole page that carries its style with it.
pub(crate) fn page_with(title: &str, style: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"zh-Hans\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>\n{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escape(title)
    )
}

/// A whole page.
pub(crate) fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"zh-Hans\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"style.css\">\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escape(title)
    )
}

#[cfg(test)]
mod tests {
    use super::{escape, link};

    #[test]
    fn nothing_escapes() {
        assert_eq!(escape("<a href='x'>&\""), "&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
        assert_eq!(link("javascript:alert(1)"), "javascript:alert(1)");
        assert!(link("https://x/\"><script>").contains("href=\"https://x/&quot;&gt;&lt;script&gt;\""));
    }
}
