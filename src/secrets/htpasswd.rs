//! Users of nginx: the file of `auth_basic_user_file`.

use super::hash::Hashes;

/// Hashes by user.
pub fn parse(bytes: &[u8]) -> Hashes {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(username, hash)| (username.to_owned(), hash.to_owned()))
        .collect()
}

/// The file, ordered by user.
pub fn render(hashes: &Hashes) -> Vec<u8> {
    let mut text = String::new();
    for (username, hash) in hashes {
        text.push_str(&format!("{username}:{hash}\n"));
    }
    text.into_bytes()
}
