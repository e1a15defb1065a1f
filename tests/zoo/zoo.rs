//! Types of many crates: what is written is read by the type that wrote it, or refused when it is written.

#![allow(clippy::type_complexity, reason = "types are nested here because they are tested")]

mod arrays;
mod json;
mod keys;
mod law;
mod numbers;
mod std_types;
mod texts;
mod times;
mod with;

// At once, because each place in which a type may stand takes a while to compile.
law::animals! {
    law {
        types_of_other_crates: (
            numbers::numbers(), texts::texts(), arrays::lists(), times::chrono(), times::of_time(), with::with()
        );
    }
}
