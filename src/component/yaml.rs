//! The one function that writes YAML.

use serde::Serialize;

/// Writes a value as YAML that Go's and everybody else's readers read back as the same value.
/// Strings stay on one line; those with line breaks become `|` blocks.
pub fn to_string<T: Serialize>(value: &T) -> Result<String, serde_saphyr::ser::Error> {
    let options = serde_saphyr::ser_options! {
        prefer_block_scalars: true,
        folded_wrap_chars: 1_000_000,
        min_fold_chars: 1_000_000,
    };
    serde_saphyr::to_string_with_options(value, options)
}
