//! `Numeric` as text and by value, for any decimal.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use pilaster::Numeric;
use proptest::prelude::*;

fn hash(value: &Numeric) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

proptest! {
    #[test]
    fn text_comes_back_as_it_was(whole in "0|[1-9][0-9]{0,40}", fraction in "(\\.[0-9]{1,40})?", negative: bool) {
        let text = format!("{whole}{fraction}");
        let zero = text.chars().all(|c| matches!(c, '0' | '.'));
        let text = if negative && !zero { format!("-{text}") } else { text };
        let value: Numeric = text.parse().unwrap();
        prop_assert_eq!(value.to_string(), text);
    }

    #[test]
    fn order_and_hash_are_by_value(a: i64, b: i64, zeros in 0usize..9) {
        let (x, y) = (Numeric::from(a), Numeric::from(b));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        let longer: Numeric = format!("{a}.{}", "0".repeat(zeros + 1)).parse().unwrap();
        prop_assert_eq!(&longer, &x);
        prop_assert_eq!(hash(&longer), hash(&x));
        prop_assert_eq!(longer.to_i64(), Some(a));
    }

    #[test]
    fn fractions_compare_as_numbers(a in 0u32..1_000_000, b in 0u32..1_000_000, shift in 0usize..9) {
        let at = |n: u32| format!("0.{}{n:06}", "0".repeat(shift)).parse::<Numeric>().unwrap();
        prop_assert_eq!(at(a).cmp(&at(b)), a.cmp(&b));
    }

    #[test]
    fn an_exponent_only_moves_the_point(digits in "[1-9][0-9]{0,12}", exponent in -20i32..20) {
        let value: Numeric = format!("{digits}e{exponent}").parse().unwrap();
        let again: Numeric = value.to_string().parse().unwrap();
        prop_assert_eq!(&value, &again);
        let expected: f64 = format!("{digits}e{exponent}").parse().unwrap();
        prop_assert_eq!(value.to_f64(), expected);
    }

    #[test]
    fn parsing_never_panics(text in "[-+0-9.eEnaNif ]{0,12}") {
        let _ = text.parse::<Numeric>();
    }

    #[test]
    fn a_float_reads_back(value: f64) {
        prop_assume!(value.is_finite());
        prop_assert_eq!(Numeric::from_f64(value).to_f64(), value);
    }
}
