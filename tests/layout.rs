//! What a layout and an error print: bounded by the bytes, on lines of their own, and no character that is not seen.

#[path = "common/bytes.rs"]
mod bytes;

use std::collections::BTreeMap;

use bytes::{head, uv};
use ndwire::{Layout, from_slice, to_vec};

/// Lists around something, each of one element.
fn below(lists: usize, meta: &[&[u8]]) -> Vec<u8> {
    [vec![0xA1; lists], meta.concat()].concat()
}

#[track_caller]
fn tree(meta: &[u8]) -> String {
    let head = head(meta);
    let tree = Layout::of(&head).expect("a head").to_string();
    let (found, most) = (tree.len(), 64 * meta.len());
    assert!(found <= most, "{found} bytes of text for {} of META", meta.len());
    tree
}

#[test]
fn lists_and_maps_are_given_so_many_lines() {
    let list = Layout::of(&to_vec(&("a", vec!["x"; 100_000])).unwrap()).unwrap().to_string();
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), 24, "{list}");
    assert_eq!(
        lines[..4],
        ["list, 2 elements", "  [0]: str, 1 byte", "  [1]: list, 100000 elements", "    [0]: str, 1 byte"]
    );
    assert_eq!(lines[22..], ["    [19]: str, 1 byte", "    … 99980 more"]);

    let map = |entries: usize| {
        let map: BTreeMap<String, ()> = (0..entries).map(|entry| (format!("{entry:04}"), ())).collect();
        Layout::of(&to_vec(&(map, 'x')).unwrap()).unwrap().to_string()
    };
    let text = map(3000);
    assert_eq!(text.lines().count(), 104, "{text}");
    assert!(text.ends_with("    0099: nil\n    … 2900 more\n  [1]: char\n"), "{text}");
    let text = map(100);
    assert!(text.ends_with("    0099: nil\n  [1]: char\n") && !text.contains('…'), "{text}");
}

#[test]
fn a_tree_is_bounded_by_its_head() {
    let n = 300_000;
    let names = |count: usize| -> Vec<u8> {
        (0..count).flat_map(|name| [&[0x84][..], format!("{name:04}").as_bytes(), &[0xC0]].concat()).collect()
    };
    let nils = tree(&below(126, &[&[0xD3], &uv(n as u64), &vec![0xC0; n]]));
    assert_eq!(nils.lines().count(), 126 + 1 + 20 + 1);
    assert_eq!(nils.lines().last(), Some("                                … 299980 more"), "32 spaces and no more");

    let map = tree(&below(126, &[&[0xD4], &uv(3000), &names(3000)]));
    assert_eq!(map.lines().count(), 126 + 1 + 100 + 1);

    // Lists of 15 lists each, and so on: no list is too long.
    let mut nested = vec![0xA0];
    for _ in 0..5 {
        nested = [vec![0xAF], nested.repeat(15)].concat();
    }
    let lists = tree(&below(100, &[&nested]));
    assert_eq!(lists.lines().count(), 100 + nested.len());

    // What is longest for its bytes: positions of two digits, a count, and all of the indentation.
    let widest = [&[0xD3, 19 + 1][..], &[&[0xAF][..], &[0xC0; 15]].concat().repeat(20)].concat();
    tree(&below(100, &[&widest]));
    tree(&below(100, &[&[0xBF], &[0x81, 0x1B, 0xC0].repeat(15)]));
    tree(&below(100, &[&[0xB1, 0x9F], &[0x1B; 31], &[0xC0]]));
    // Rows with every field that there may be, each name as long as its escape lets it be.
    let field = |name: u8| [0x81, name, 0xD5, 0x00];
    let fields: Vec<u8> = (0..0x1Bu8).chain(0x1C..0x20).flat_map(field).collect();
    let row = [&[0xD7, 0xD4, 31][..], &fields, &[1], &[0; 62]].concat();
    assert!(tree(&row).starts_with(r"rows {\u{0}: optional bool, \u{1}: optional bool, "));
}

/// Random heads of every kind of node.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn node(&mut self, depth: usize, out: &mut Vec<u8>) {
        match self.below(if depth == 0 { 8 } else { 16 }) {
            0 => out.push(0xC0),
            1 => out.extend([0xD5, 0xC0]),
            2 => out.extend([0xD0, 0x41]),
            3 => out.extend([0xCC, 0, 0, 0, 0, 0, 0, 0, 0x80]),
            4 => out.extend([&[0xD8][..], &uv(512 + self.below(1 << 40))].concat()),
            // Arrays, whose payloads nobody looks at.
            5 => out.extend([&[0xD6, 0x7D, 2][..], &uv(self.below(1 << 30)), &uv(self.below(100))].concat()),
            6 => out.extend([&[0xD6, 0x00, 32][..], &[1; 32]].concat()),
            7 => out.extend([&[0xD7, 0xA3, 0xC0, 0xD5, 0x00, 0xC0, 1, 0, 0][..], &[0xC0; 2]].concat()),
            8..=11 => {
                let count = self.below(15);
                out.push(0xA0 + count as u8);
                (0..count).for_each(|_| self.node(depth - 1, out));
            }
            12 => {
                let count = 16 + self.below(60);
                out.extend([&[0xD3][..], &uv(count)].concat());
                (0..count).for_each(|_| self.node(depth.min(2) - 1, out));
            }
            _ => {
                let count = self.below(15);
                out.push(0xB0 + count as u8);
                for _ in 0..count {
                    let len = self.below(32) as usize;
                    out.push(0x80 + len as u8);
                    out.extend((0..len).map(|_| self.below(0x80) as u8));
                    self.node(depth - 1, out);
                }
            }
        }
    }
}

#[test]
fn trees_of_random_heads_are_bounded_too() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..300 {
        let mut meta = Vec::new();
        let lists = random.below(92) as usize;
        random.node(4, &mut meta);
        let meta = below(lists, &[&meta]);
        let text = tree(&meta);
        assert!(text.lines().all(|line| line.len() < 2000), "{text}");
        let head = head(&meta);
        let entries = Layout::of(&head).unwrap().entries();
        assert!(entries.count() >= text.lines().filter(|line| !line.contains('…')).count());
    }
}

#[test]
fn a_tree_without_byte_ranges() {
    let bytes = to_vec(&("text", vec![0.5f32; 200], vec![vec![1u8; 600]; 2])).unwrap();
    let layout = Layout::of(&bytes).unwrap();
    assert!(layout.to_string().contains("\n  [1]: rows f32 [200], bytes "), "{layout}");
    let expected = "list, 3 elements\n  [0]: str, 4 bytes\n  [1]: rows f32 [200]\n  [2]: list, 2 elements\n    \
                    [0]: rows u8 [600]\n    [1]: rows u8 [600]\n";
    assert_eq!(format!("{layout:#}"), expected);
}

/// Tuples and maps in each other, and rows of no element.
#[test]
fn schemas_are_shown() {
    let nested =
        [&[0xD7, 0xB2, 0x81, b'a', 0xA2, 0x10, 0xA2, 0xC0, 0xD5, 0x32][..], b"\x81p\xA1\xB1\x81x\xD6\x11\x01\x03"];
    let rows = |count: &[u8]| tree(&[&nested.concat(), count].concat());
    let schema = "{a: (u8, (node, optional f32)), p: ({x: u16 [3]})}";
    assert_eq!(rows(&[0]), format!("rows {schema} [0]\n"));
    assert_eq!(rows(&[&[1][..], &[0; 12], &[0xC0]].concat()), format!("rows {schema} [1]\n"));
    let head = head(&[0xD7, 0xA2, 0x10, 0x11, 0x00]);
    let entry = Layout::of(&head).unwrap().entries().next().unwrap();
    assert_eq!((entry.shape(), entry.dtype(), entry.payload()), (Some(vec![0]), None, None));
}

#[test]
fn paths_of_what_is_nested() {
    let value = (1, (BTreeMap::from([("a", ("x", BTreeMap::from([(7, 'x')])))]), ()), ());
    let bytes = to_vec(&value).unwrap();
    let paths: Vec<String> = Layout::of(&bytes).unwrap().entries().map(|entry| entry.path()).collect();
    let expected =
        ["", "[0]", "[1]", "[1][0]", "[1][0].a", "[1][0].a[0]", "[1][0].a[1]", "[1][0].a[1].<key>", "[1][1]", "[2]"];
    assert_eq!(paths, expected);
}

/// Each of these is a name, and may be seen by nobody.
const HIDDEN: [&str; 12] = [
    "a\u{202E}b",
    "\u{2028}",
    "\u{200B}",
    "a\u{FEFF}",
    "\u{E0041}",
    "x\u{FE0F}",
    "\u{AD}",
    "\u{3164}",
    "\u{61C}",
    "\u{2066}",
    "\n",
    "\u{1B}[31m",
];

#[test]
fn names_that_are_not_seen_are_escaped() {
    #[derive(serde::Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Empty {}

    for name in HIDDEN {
        let shown: String = name
            .chars()
            .map(|c| if c.is_ascii_graphic() { c.to_string() } else { c.escape_default().to_string() })
            .collect();
        let map = BTreeMap::from([(name, "text")]);
        let bytes = to_vec(&map).unwrap();
        let layout = Layout::of(&bytes).unwrap();
        assert_eq!(layout.to_string(), format!("map, 1 entry\n  {shown}: str, 4 bytes\n"));
        assert_eq!(layout.entries().last().unwrap().path(), shown);
        let error = from_slice::<BTreeMap<String, u8>>(&bytes).unwrap_err();
        assert_eq!(error.path(), Some(&*shown));
        assert!(error.to_string().starts_with(&format!("{shown}: ")), "{error}");
        let error = from_slice::<Empty>(&bytes).unwrap_err().to_string();
        assert!(error.contains(&format!("`{shown}`")), "{error}");
        let rows = to_vec(&[BTreeMap::from([(name, 1u8)]), BTreeMap::from([(name, 2)])]).unwrap();
        assert_eq!(Layout::of(&rows).unwrap().to_string(), format!("rows {{{shown}: u8}} [2]\n"));
    }
    // An escape that somebody has written is not one.
    let bytes = to_vec(&BTreeMap::from([(r"a\u{202e}", 1)])).unwrap();
    assert_eq!(Layout::of(&bytes).unwrap().to_string(), "map, 1 entry\n  a\\\\u{202e}: uint\n");
}

/// Messages of other people's types quote what they like.
#[test]
fn messages_of_others_are_on_one_line() {
    #[derive(serde::Deserialize, Debug)]
    #[serde(try_from = "String")]
    struct Colour;

    impl TryFrom<String> for Colour {
        type Error = String;

        fn try_from(name: String) -> Result<Self, String> {
            Err(format!(r"no such colour\shade: {name}"))
        }
    }

    let error = from_slice::<Colour>(&to_vec("r\u{202E}\ned").unwrap()).unwrap_err();
    assert_eq!(error.to_string(), r"no such colour\shade: r\u{202e}\ned, at byte 16");
}
