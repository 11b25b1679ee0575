//! Arguments → library → exit code.

fn main() {}
