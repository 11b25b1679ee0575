//! What we know of the world, as data: shipped rule packs, images, exporters and their metrics.

pub mod images;
pub mod packs;
