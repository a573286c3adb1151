//! A network that fails when it is told to: a proxy that counts what a client says to the server.
//!
//! It understands just enough of PostgreSQL's protocol to know where a message ends, and speaks no TLS.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use migrations::Url;

/// What happens at the word that was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Neither it nor anything else gets through, either way, and nobody is told.
    HoldsBack,
    /// It gets through; nothing comes back, nothing else gets there, and nobody is told.
    SaysNothingBack,
    /// It gets through, and then the line is cut; nobody gets through afterwards.
    Cuts,
}

/// When it happens.
#[derive(Clone, Copy, Debug)]
pub(super) enum When {
    /// At the word of that number, over all connections.
    Word(usize),
    /// At the first message with that text in it.
    Says(&'static str),
}

/// A proxy, until it is closed or dropped.
pub(super) struct Proxy {
    line: Arc<Line>,
    url: Url,
}

struct Line {
    server: String,
    when: When,
    fault: Fault,
    said: AtomicUsize,
    struck: AtomicBool,
    closed: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Proxy {
    /// Before the server at that address.
    pub(super) fn to(server: &Url, when: When, fault: Fault) -> Proxy {
        let exposed = server.expose();
        let (login, rest) = exposed.rsplit_once('@').unwrap();
        let (host, database) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let line = Arc::new(Line {
            server: host.to_owned(),
            when,
            fault,
            said: AtomicUsize::new(0),
            struck: AtomicBool::new(false),
            closed: AtomicBool::new(false),
            open: Mutex::default(),
        });
        let url = format!("{login}@127.0.0.1:{port}/{database}?sslmode=disable");
        let accepting = Arc::clone(&line);
        thread::spawn(move || {
            for client in listener.incoming() {
                if accepting.closed.load(Ordering::SeqCst) {
                    return;
                }
                let client = client.unwrap();
                let is_cut = accepting.fault == Fault::Cuts;
                match is_cut && accepting.struck.load(Ordering::SeqCst) {
                    true => drop(client),
                    false => accepting.connect(client),
                }
            }
        });
        Proxy {
            line,
            url: url.parse().unwrap(),
        }
    }

    /// The address of the proxy.
    pub(super) fn url(&self) -> Url {
        self.url.clone()
    }

    /// Waits until the fault has struck; false where the child ended without it.
    pub(super) fn strikes(&self, child: &mut Child) -> bool {
        loop {
            if self.line.struck.load(Ordering::SeqCst) {
                return true;
            }
            if child.try_wait().unwrap().is_some() {
                return self.line.struck.load(Ordering::SeqCst);
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Closes every connection, as an operating system does for a process that died.
    pub(super) fn close(&self) {
        self.line.closed.store(true, Ordering::SeqCst);
        self.line.cut();
        // So that nobody waits for another client.
        let _ = TcpStream::connect(
            self.url
                .expose()
                .rsplit_once('@')
                .unwrap()
                .1
                .split('/')
                .next()
                .unwrap(),
        );
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.close();
    }
}

impl Line {
    fn connect(self: &Arc<Self>, client: TcpStream) {
        let server = TcpStream::connect(&self.server).unwrap();
        let mut open = self.open.lock().unwrap();
        open.extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
        drop(open);
        let (line, from, to) = (Arc::clone(self), client.try_clone(), server.try_clone());
        thread::spawn(move || line.forth(from.unwrap(), to.unwrap()));
        let line = Arc::clone(self);
        thread::spawn(move || line.back(server, client));
    }

    fn cut(&self) {
        for stream in self.open.lock().unwrap().drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// From the client to the server, message by message. A word is a message that asks for an answer.
    fn forth(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut is_first = true;
        while let Some((kind, message)) = read(&mut from, is_first) {
            is_first = false;
            let asks = matches!(kind, b'Q' | b'S');
            let place = asks.then(|| self.said.fetch_add(1, Ordering::SeqCst) + 1);
            let now = match self.when {
                When::Word(word) => place == Some(word),
                When::Says(text) => {
                    let mut within = message.windows(text.len());
                    within.any(|bytes| bytes == text.as_bytes())
                }
            };
            if now && self.fault == Fault::HoldsBack {
                self.struck.store(true, Ordering::SeqCst);
            }
            if now && self.fault == Fault::SaysNothingBack {
                // Before the word is there, or its answer might be back first.
                self.struck.store(true, Ordering::SeqCst);
                let _ = to.write_all(&message);
                continue;
            }
            if self.struck.load(Ordering::SeqCst) {
                continue;
            }
            if to.write_all(&message).is_err() {
                break;
            }
            if now {
                self.struck.store(true, Ordering::SeqCst);
                self.cut();
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    }

    fn back(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 8192];
        while let Ok(count) = from.read(&mut bytes) {
            let hangs = self.struck.load(Ordering::SeqCst);
            if count == 0 && hangs && !self.closed.load(Ordering::SeqCst) {
                // The server has hung up, and the word of that is lost as well.
                return;
            }
            if count == 0 || (!hangs && to.write_all(&bytes[..count]).is_err()) {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    }
}

/// A message with its kind; the first of a connection has none.
fn read(from: &mut TcpStream, is_first: bool) -> Option<(u8, Vec<u8>)> {
    let mut message = vec![0; if is_first { 4 } else { 5 }];
    from.read_exact(&mut message).ok()?;
    let length = &message[message.len() - 4..];
    let length = u32::from_be_bytes(length.try_into().ok()?) as usize;
    let head = message.len();
    message.resize(head + length - 4, 0);
    from.read_exact(&mut message[head..]).ok()?;
    let kind = if is_first { 0 } else { message[0] };
    Some((kind, message))
}
