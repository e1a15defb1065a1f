//! Recipes for ndwire beside other crates, each run by a test.
