//! Every relative link in a Markdown file leads to a file that is there, and its `#part` to a heading of that file.

use super::{Finding, Tree};
use crate::fault::Result;

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in tree.ending(&[".md"]) {
        let text = tree.text(file).unwrap_or_default();
        for (line, target) in links(&text) {
            if let Some(what) = dead(tree, file, &text, &target) {
                findings.push(Finding::new(format!("{file}:{line}"), what));
            }
        }
    }
    Ok(findings)
}

/// What is wrong with a link, if anything.
fn dead(tree: &Tree, file: &str, text: &str, target: &str) -> Option<String> {
    let elsewhere = target.contains("://") || target.starts_with("mailto:") || target.starts_with("data:");
    if elsewhere || target.is_empty() {
        return None;
    }
    let (path, part) = target
        .split_once('#')
        .map_or((target, None), |(path, part)| (path, Some(part)));
    if path.starts_with('/') {
        return Some(format!(
            "the link `{target}` is absolute; write it relative to this file"
        ));
    }
    let linked = resolve(file, path);
    let there = if path.is_empty() {
        Some(text.to_owned())
    } else {
        tree.text(&linked)
    };
    if !path.is_empty() && !tree.repo.path(&linked).exists() {
        return Some(format!("the link `{target}` is dead: there is no `{linked}`"));
    }
    let (part, there) = (part?, there?);
    let is_markdown = path.is_empty() || linked.ends_with(".md");
    (is_markdown && !anchors(&there).iter().any(|anchor| anchor == part))
        .then(|| format!("the link `{target}` is dead: no heading of that name"))
}

/// Line number and target of each link and picture, outside of code.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (number, line) in text.lines().enumerate() {
        if is_fence(line) {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        // What stands between backticks is code.
        let line: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let inline = line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', ' ']).next());
        let reference = line
            .strip_prefix('[')
            .and_then(|rest| Some(rest.split_once("]: ")?.1));
        let attributes = ["src=\"", "href=\""]
            .into_iter()
            .flat_map(|name| line.split(name).skip(1));
        let attributes = attributes.filter_map(|rest| rest.split('"').next());
        for target in inline.chain(reference).chain(attributes) {
            found.push((number + 1, target.trim_matches(['<', '>']).to_owned()));
        }
    }
    found
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// `docs/a/b.md` and `../c.md` → `docs/c.md`.
fn resolve(file: &str, link: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                if parts.pop().is_none() {
                    return link.to_owned();
                }
            }
            name => parts.push(name),
        }
    }
    parts.join("/").replace("%20", " ")
}

/// The anchors that hosts make of headings: lower case, no punctuation, spaces to hyphens; a repeated one gets a number.
fn anchors(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if is_fence(line) {
            fenced = !fenced;
        }
        if !fenced && line.starts_with('#') {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let keep = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
            let anchor: String = title
                .chars()
                .filter(keep)
                .map(|letter| if letter == ' ' { '-' } else { letter })
                .collect();
            let again = found.iter().filter(|earlier| **earlier == anchor).count();
            found.push(if again == 0 {
                anchor
            } else {
                format!("{anchor}-{again}")
            });
        }
        for name in line
            .split("id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
        {
            found.push(name.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{anchors, links, resolve};

    #[test]
    fn links_are_found_outside_of_code() {
        let text =
            "see [`a`](b.md), `[n](o)`, ![p](<c.png>)\n```\n[x](y)\n```\n[ref]: d.md\n<img src=\"e.png\">\n";
        let found: Vec<(usize, String)> = links(text);
        let found: Vec<(usize, &str)> = found
            .iter()
            .map(|(line, target)| (*line, target.as_str()))
            .collect();
        assert_eq!(found, [(1, "b.md"), (1, "c.png"), (5, "d.md"), (6, "e.png")]);
    }

    #[test]
    fn links_resolve_against_their_file() {
        assert_eq!(resolve("docs/a/b.md", "../c.md"), "docs/c.md");
        assert_eq!(resolve("README.md", "./docs/"), "docs");
    }

    #[test]
    fn headings_become_anchors() {
        assert_eq!(
            anchors("# One, two!\n## 三 四\n## 三 四\n"),
            ["one-two", "三-四", "三-四-1"]
        );
    }
}
