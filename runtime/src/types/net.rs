//! `inet` and `cidr`: addresses with the length of their network prefix.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use bytes::{BufMut, BytesMut};

use super::text::{InvalidText, scalar};
use super::{Failure, end, take};

/// An `inet`: a host address, and the network it is in.
///
/// ```
/// let gateway: pilaster::Inet = "192.168.0.1/24".parse()?;
/// assert_eq!((gateway.prefix(), gateway.to_string()), (24, "192.168.0.1/24".to_owned()));
/// # Ok::<(), pilaster::InvalidText>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inet {
    address: IpAddr,
    prefix: u8,
}

/// A `cidr`: a network. No bit of the address is set beyond the prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(Inet);

/// The server's own numbers of the address families; they do not depend on its platform.
const IPV4: u8 = 2;
const IPV6: u8 = 3;

impl Inet {
    /// An address in a network of that prefix length; `None` where the address has fewer bits.
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        (prefix <= bits(address)).then_some(Inet { address, prefix })
    }

    /// The address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// The number of bits of the network prefix: all of them for a single host.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }

    fn read(raw: &[u8]) -> Result<Self, Failure> {
        read(raw)
    }

    fn write(&self, out: &mut BytesMut) {
        write(self, false, out);
    }
}

impl Cidr {
    /// A network; `None` where the address has fewer bits, or bits set beyond the prefix.
    pub fn new(address: IpAddr, prefix: u8) -> Option<Self> {
        let inet = Inet::new(address, prefix)?;
        let host_bits = match address {
            IpAddr::V4(v4) => v4.to_bits().checked_shl(prefix.into()).unwrap_or(0) != 0,
            IpAddr::V6(v6) => v6.to_bits().checked_shl(prefix.into()).unwrap_or(0) != 0,
        };
        (!host_bits).then_some(Cidr(inet))
    }

    /// The first address of the network.
    pub fn address(&self) -> IpAddr {
        self.0.address
    }

    /// The number of bits of the network prefix.
    pub fn prefix(&self) -> u8 {
        self.0.prefix
    }

    fn read(raw: &[u8]) -> Result<Self, Failure> {
        read(raw).map(Cidr)
    }

    fn write(&self, out: &mut BytesMut) {
        write(&self.0, true, out);
    }
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn read(mut raw: &[u8]) -> Result<Inet, Failure> {
    let [family, prefix, _is_cidr, _length] = take(&mut raw)?;
    let address = match family {
        IPV4 => IpAddr::V4(Ipv4Addr::from(take::<4>(&mut raw)?)),
        IPV6 => IpAddr::V6(Ipv6Addr::from(take::<16>(&mut raw)?)),
        _ => return Err("the address is of an unknown family".into()),
    };
    end(raw)?;
    Inet::new(address, prefix).ok_or_else(|| "the prefix is longer than the address".into())
}

fn write(inet: &Inet, is_cidr: bool, out: &mut BytesMut) {
    match inet.address {
        IpAddr::V4(v4) => {
            out.put_slice(&[IPV4, inet.prefix, is_cidr.into(), 4]);
            out.put_slice(&v4.octets());
        }
        IpAddr::V6(v6) => {
            out.put_slice(&[IPV6, inet.prefix, is_cidr.into(), 16]);
            out.put_slice(&v6.octets());
        }
    }
}

impl From<IpAddr> for Inet {
    fn from(address: IpAddr) -> Self {
        Inet {
            address,
            prefix: bits(address),
        }
    }
}

impl From<Cidr> for Inet {
    fn from(network: Cidr) -> Self {
        network.0
    }
}

impl FromStr for Inet {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        parse(text).ok_or_else(|| InvalidText::new("an inet", text))
    }
}

impl FromStr for Cidr {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<Self, InvalidText> {
        parse(text)
            .and_then(|inet| Cidr::new(inet.address, inet.prefix))
            .ok_or_else(|| InvalidText::new("a cidr", text))
    }
}

fn parse(text: &str) -> Option<Inet> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix.parse().ok()?)),
        None => (text, None),
    };
    let address: IpAddr = address.parse().ok()?;
    Inet::new(address, prefix.unwrap_or(bits(address)))
}

/// As the server prints it: the prefix is left out where it is the whole address.
impl fmt::Display for Inet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.prefix == bits(self.address) {
            return write!(f, "{}", self.address);
        }
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// As the server prints it: always with the prefix.
impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0.address, self.0.prefix)
    }
}

scalar!(Inet: INET);
scalar!(Cidr: CIDR);
