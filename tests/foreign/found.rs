//! Which documents have arrays in them, of values that may be anything.

use ndwire::foreign::Encoding;

use super::cases::{ENDINGS, bytes, cases, others};

fn is_found(value: &[u8]) -> bool {
    matches!(Encoding::detect_arrays(value), Ok(Encoding::MsgpackNumpy))
}

const ARRAY: &str =
    "84 C4 02 6E 64 C3 C4 04 74 79 70 65 A3 7C 75 31 C4 05 73 68 61 70 65 91 01 C4 04 64 61 74 61 C4 01 07";
const SCALAR: &str = "83 C4 02 6E 64 C2 C4 04 74 79 70 65 A3 7C 75 31 C4 04 64 61 74 61 C4 01 07";
const COMPLEX: &str = "82 C4 07 63 6F 6D 70 6C 65 78 C3 C4 04 64 61 74 61 A2 32 6A";
/// `nd`, `kind` and `data` alone: msgpack-numpy would load what is in it.
const PICKLE: &str = "83 A2 6E 64 C3 A4 6B 69 6E 64 A1 4F A4 64 61 74 61 C4 01 2E";
const TIMESTAMP: &str = "D6 FF 00 00 00 01";

#[test]
fn documents_with_arrays_are_told_from_others() {
    let with = [
        ARRAY.to_string(),
        SCALAR.to_string(),
        COMPLEX.to_string(),
        PICKLE.to_string(),
        format!("92 {TIMESTAMP} {ARRAY}"),
        format!("92 {ARRAY} {TIMESTAMP}"),
        format!("81 {ARRAY} 01"),
        format!("91 82 A1 61 C8 00 03 07 01 02 03 A1 62 91 {SCALAR}"),
        // Something is wrong with it, or with what follows.
        format!("{ARRAY} 00"),
        format!("93 {ARRAY} C1 00"),
        ARRAY.replace("75 31", "75 39"),
        ARRAY.replace("91 01", "91 02"),
        ARRAY[..ARRAY.len() - 3].to_string(),
        format!("82 A1 61 07 A1 62 {}", &ARRAY[..ARRAY.len() - 3]),
    ];
    for document in with {
        assert!(is_found(&bytes(&document)), "{document}");
    }
    let without = [
        "93 01 02 03".to_string(),
        "81 A1 61 01".to_string(),
        "07".to_string(),
        TIMESTAMP.to_string(),
        format!("82 A1 61 {TIMESTAMP} A1 62 C7 01 05 00"),
        // The same keys, and no arrays.
        format!("82 A2 6E 64 C3 A1 61 {TIMESTAMP}"),
        "82 A7 63 6F 6D 70 6C 65 78 C3 A4 64 61 74 61 A1 61".to_string(),
        // The array is behind what nobody can read, or inside of it.
        format!("93 00 C1 {ARRAY}"),
        format!("C4 22 {ARRAY}"),
        format!("C7 22 05 {ARRAY}"),
        format!("{} {ARRAY}", "91 ".repeat(129)),
    ];
    for document in without {
        let document = bytes(&document);
        assert_eq!(Encoding::detect(&document).unwrap(), Encoding::MsgpackNumpy);
        assert!(!is_found(&document), "{document:X?}");
    }
}

#[test]
fn text_headers_are_told_from_text_with_bars() {
    let headers = [
        "f4|5|",
        "float32|2|\0",
        ">M8[ns]|1|",
        "|S5|1|hello",
        "object|1|",
        "float128|1|",
        "[('a', 'u9')]|2|",
        "{'names': 1}|1|",
    ];
    for header in headers {
        assert_eq!(Encoding::detect_arrays(header.as_bytes()).unwrap(), Encoding::TextHeader, "{header}");
    }
    let texts = [
        "u7|12|Ada",
        "f3|1|",
        "a2024|11|30",
        "int|1|x",
        "float|3|1.5",
        "str|5|hello",
        "{'a': 'b|1|c'}",
        "[('a', '|2|')]",
        "[('a' |2|",
    ];
    for text in texts {
        assert_eq!(Encoding::detect(text.as_bytes()).unwrap(), Encoding::TextHeader, "{text}");
        let error = Encoding::detect_arrays(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(error, "no encoding of arrays that is known: found text, at byte 0", "{text}");
    }
}

/// What Python wrote, and the same cut off anywhere behind the dtype of its first array.
#[test]
fn what_python_wrote_is_found() {
    let mut found = 0;
    for case in &cases() {
        for ending in ENDINGS {
            let Some(value) = case.file(ending) else { continue };
            assert_eq!(Encoding::detect_arrays(&value).ok(), Encoding::detect(&value).ok(), "{}.{ending}", case.name);
            if ending == "msgpack" {
                found += 1;
                let data = value.windows(4).position(|key| key == b"data").unwrap();
                for len in (data..value.len()).filter(|len| *len < 600 || len % 97 == 0) {
                    assert!(is_found(&value[..len]), "{}.{ending} cut to {len}", case.name);
                }
            }
        }
    }
    let documents = others();
    let without: Vec<&str> =
        documents.iter().filter(|(_, value)| !is_found(value)).map(|(file, _)| file.as_str()).collect();
    let plain = ["ext", "keys", "lengths", "numbers", "scalar_f8", "single_floats", "timestamp"];
    assert_eq!(without, plain.map(|name| format!("x_{name}.msgpack")));
    assert!(found > 30, "{found}");
}
