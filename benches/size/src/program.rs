//! The program that is measured: 20 structs of 10 fields, with their items and enums 60 derived types, each encoded and decoded
//! once. A format is two expressions.

macro_rules! program {
    ($value:ident => $encode:expr, $bytes:ident => $decode:expr) => {
        program! {
            @types $value => $encode, $bytes => $decode;
            T0 I0 K0 id0 n0
            T1 I1 K1 id1 n1
            T2 I2 K2 id2 n2
            T3 I3 K3 id3 n3
            T4 I4 K4 id4 n4
            T5 I5 K5 id5 n5
            T6 I6 K6 id6 n6
            T7 I7 K7 id7 n7
            T8 I8 K8 id8 n8
            T9 I9 K9 id9 n9
            T10 I10 K10 id10 n10
            T11 I11 K11 id11 n11
            T12 I12 K12 id12 n12
            T13 I13 K13 id13 n13
            T14 I14 K14 id14 n14
            T15 I15 K15 id15 n15
            T16 I16 K16 id16 n16
            T17 I17 K17 id17 n17
            T18 I18 K18 id18 n18
            T19 I19 K19 id19 n19
        }
    };
    (@types $value:ident => $encode:expr, $bytes:ident => $decode:expr; $($name:ident $item:ident $kind:ident $id:ident $n:ident)*) => {
        $(
            #[derive(serde::Serialize, serde::Deserialize, Default, Debug)]
            #[serde(default)]
            pub struct $name {
                pub $id: u64,
                pub name: String,
                pub x: f32,
                pub tags: Vec<String>,
                pub maybe: Option<f64>,
                pub points: Vec<[f32; 3]>,
                pub items: Vec<$item>,
                pub kind: $kind,
                pub map: std::collections::BTreeMap<String, f32>,
                pub embedding: Vec<f32>,
            }

            #[derive(serde::Serialize, serde::Deserialize, Default, Debug)]
            pub struct $item {
                pub ts: i64,
                pub v: f32,
                pub ok: bool,
                pub $n: u16,
            }

            #[derive(serde::Serialize, serde::Deserialize, Default, Debug)]
            pub enum $kind {
                #[default]
                A,
                B(u32),
                C { x: f32, y: Option<String> },
            }
        )*

        fn main() {
            let arguments = std::env::args().count() as u64;
            $({
                let $value = $name { $id: arguments, ..Default::default() };
                let $bytes = std::hint::black_box($encode);
                let back: $name = std::hint::black_box($decode);
                println!("{}", back.$id);
            })*
        }
    };
}
