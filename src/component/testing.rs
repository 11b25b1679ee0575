//! Stacks for the tests of components.

use crate::io::Memory;
use crate::source::SourceFile;
use crate::stack::Stack;
use crate::stack::validate::validate;

/// The default environment of a stack.toml.
pub(crate) fn stack(text: &str) -> Stack {
    let validated = validate(&SourceFile::new("stack.toml", text), &Memory::default());
    assert_eq!(validated.findings, [], "the example is valid");
    validated.stacks[validated.default_environment.as_str()].clone()
}

/// A stack with nothing but what it must have, and more lines: keys of [stack] first.
pub(crate) fn small_stack(more: &str) -> Stack {
    let channel = "[slack.channels.ops]\nchannel = \"#ops\"\nwebhook = \"hook\"\n";
    let own = "[stack]\nname = \"monitoring\"\ndomain = \"monitoring.example.com\"\n";
    stack(&format!("{channel}{own}{more}"))
}
