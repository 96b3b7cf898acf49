//! Reading and writing files as people name them.
//!
//! In: paths. Out: texts, within limits, or a fault that names the file. Must not know: what the texts are.

use crate::fault::{Fault, Result};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Reads a text of at most `limit` bytes. A byte order mark at its beginning is left out.
pub(crate) fn read(path: &Path, limit: usize) -> Result<String> {
    let bytes = read_bytes(path, limit)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::new(format!("`{}` is not UTF-8 text (byte {at})", path.display()))
            .help("save it as UTF-8; if it is GB 18030, `iconv -f GB18030 -t UTF-8` converts it")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// Reads a file of at most `limit` bytes.
pub(crate) fn read_bytes(path: &Path, limit: usize) -> Result<Vec<u8>> {
    let unread = |error: io::Error| Fault::unread(path, &error);
    let file = File::open(path).map_err(unread)?;
    if file.metadata().map_err(unread)?.is_dir() {
        return Err(Fault::new(format!("`{}` is a folder", path.display())).help("name a file"));
    }
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(unread)?;
    if bytes.len() > limit {
        return Err(Fault::new(format!(
            "`{}` is larger than {limit} bytes",
            path.display()
        )));
    }
    Ok(bytes)
}

/// Writes a file in one go: whoever reads it meanwhile sees the old one or the new one.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    let unwritten = |error: io::Error| Fault::unwritten(path, &error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Fault::unwritten(folder, &error))?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let fresh = path.with_file_name(name);
    let written = File::create(&fresh).and_then(|mut file| file.write_all(text.as_bytes()));
    written
        .and_then(|()| std::fs::rename(&fresh, path))
        .map_err(unwritten)
}

/// A path as people would write it from where they are.
pub(crate) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let relative = here
        .ok()
        .and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    match relative {
        Some(relative) if relative.as_os_str().is_empty() => ".".to_owned(),
        Some(relative) => relative.display().to_string(),
        None => path.display().to_string(),
    }
}

/// The canonical path of something that exists.
pub(crate) fn canonical(path: &Path) -> Result<PathBuf> {
    path.canonicalize().map_err(|error| Fault::unread(path, &error))
}
