//! The server's binary form: four 16-bit words (digits, weight, sign, scale), then the digits.

use bytes::{BufMut, BytesMut};
use postgres_types::{FromSql, IsNull, ToSql, Type};

use super::super::{Failure, end, take};
use super::{Finite, Form, Numeric};

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;

impl Numeric {
    fn read(mut raw: &[u8]) -> Result<Self, Failure> {
        let count = u16::from_be_bytes(take(&mut raw)?);
        let weight = i16::from_be_bytes(take(&mut raw)?);
        let sign = u16::from_be_bytes(take(&mut raw)?);
        let scale = u16::from_be_bytes(take(&mut raw)?);
        let mut digits = Vec::with_capacity(usize::from(count));
        for _ in 0..count {
            let digit = i16::from_be_bytes(take(&mut raw)?);
            if !(0..10_000).contains(&digit) {
                return Err("a digit of the numeric is out of range".into());
            }
            digits.push(digit);
        }
        end(raw)?;
        Ok(Numeric(match sign {
            POSITIVE | NEGATIVE => Form::Finite(
                Finite {
                    negative: sign == NEGATIVE,
                    weight,
                    scale,
                    digits,
                }
                .normalized(),
            ),
            NAN => Form::NaN,
            INFINITY => Form::Infinity,
            NEGATIVE_INFINITY => Form::NegativeInfinity,
            _ => return Err("the numeric has an unknown sign".into()),
        }))
    }

    fn write(&self, out: &mut BytesMut) {
        let sign = match &self.0 {
            Form::Finite(value) => {
                // The parser and the reader admit at most 65,535 digits.
                out.put_u16(value.digits.len() as u16);
                out.put_i16(value.weight);
                out.put_u16(if value.negative { NEGATIVE } else { POSITIVE });
                out.put_u16(value.scale);
                value.digits.iter().for_each(|digit| out.put_i16(*digit));
                return;
            }
            Form::NaN => NAN,
            Form::Infinity => INFINITY,
            Form::NegativeInfinity => NEGATIVE_INFINITY,
        };
        out.put_slice(&[0, 0, 0, 0]);
        out.put_u16(sign);
        out.put_u16(0);
    }
}

impl<'a> FromSql<'a> for Numeric {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Self::read(raw)
    }

    postgres_types::accepts!(NUMERIC);
}

impl ToSql for Numeric {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        self.write(out);
        Ok(IsNull::No)
    }

    postgres_types::accepts!(NUMERIC);
    postgres_types::to_sql_checked!();
}
