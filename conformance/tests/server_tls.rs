//! Each `sslmode` against a real server: what is encrypted, what is checked, what is refused.

use std::fs;
use std::path::{Path, PathBuf};

use conformance::server::{Kind, Server, Wanted};
use migrations::Url;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

/// A server with a certificate for `localhost`, its issuer's, and a stranger's.
struct Secured {
    server: Server,
    data: PathBuf,
    issuer: String,
    stranger: String,
}

fn authority() -> (String, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    (
        params.self_signed(&key).unwrap().pem(),
        Issuer::new(params, key),
    )
}

/// Written as the server wants it: its own, and nobody else's to read.
fn write(path: &Path, text: &str) -> String {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    let owner = fs::metadata(path.parent().unwrap()).unwrap();
    chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
    path.to_str().unwrap().to_owned()
}

impl Secured {
    fn start() -> Secured {
        let wanted = Wanted {
            kind: Some(Kind::Local),
            ..Wanted::default()
        };
        let server = Server::start(&wanted).expect("PostgreSQL's server programs are installed");
        let mut client = server.connect().unwrap();
        let data: String = client.query_one("SHOW data_directory", &[]).unwrap().get(0);
        let data = PathBuf::from(data);

        let (issuer_pem, issuer) = authority();
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        write(
            &data.join("server.crt"),
            &leaf.signed_by(&key, &issuer).unwrap().pem(),
        );
        write(&data.join("server.key"), &key.serialize_pem());
        let issuer = write(&data.join("issuer.crt"), &issuer_pem);
        let stranger = write(&data.join("stranger.crt"), &authority().0);
        client.batch_execute("ALTER SYSTEM SET ssl = on").unwrap();
        let secured = Secured {
            server,
            data,
            issuer,
            stranger,
        };
        secured.reload();
        secured
    }

    /// Lets the server read its files again, and waits until it has: a connection says when the
    /// process that accepted it last did.
    fn reload(&self) {
        let loaded = || -> std::time::SystemTime {
            let mut client = self.server.connect().unwrap();
            client
                .query_one("SELECT pg_conf_load_time()", &[])
                .unwrap()
                .get(0)
        };
        let before = loaded();
        self.server
            .connect()
            .unwrap()
            .batch_execute("SELECT pg_reload_conf()")
            .unwrap();
        while loaded() == before {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }

    /// Only `kind` connections over the network are accepted from now on.
    fn accept_only(&self, kind: &str) {
        let rules = format!("local all all trust\n{kind} all all 127.0.0.1/32 scram-sha-256\n");
        write(&self.data.join("pg_hba.conf"), &rules);
        self.reload();
    }

    /// True where the connection is encrypted, false where it is not; else what was refused.
    fn encrypted(&self, host: &str, parameters: &str) -> Result<bool, String> {
        let url = self.server.network_url().unwrap().expose();
        let url = url.replace("127.0.0.1", host) + "?" + parameters;
        let url: Url = url.parse().unwrap();
        let mut client = migrations::connect(&url).map_err(|error| error.to_string())?;
        let query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        Ok(client.query_one(query, &[]).unwrap().get(0))
    }
}

#[test]
fn each_mode_encrypts_and_checks_what_the_manual_says() {
    let secured = Secured::start();
    let known = format!("sslrootcert={}", secured.issuer);
    let strange = format!("sslrootcert={}", secured.stranger);
    let on = |host, parameters: &str| secured.encrypted(host, parameters);

    assert_eq!(on("127.0.0.1", "sslmode=disable"), Ok(false));
    assert_eq!(on("127.0.0.1", "sslmode=allow"), Ok(false));
    assert_eq!(on("127.0.0.1", "sslmode=prefer"), Ok(true));
    assert_eq!(on("127.0.0.1", "application_name=x"), Ok(true));
    assert_eq!(on("127.0.0.1", "sslmode=require"), Ok(true));
    assert_eq!(
        on("127.0.0.1", &format!("sslmode=verify-ca&{known}")),
        Ok(true)
    );
    assert_eq!(
        on("localhost", &format!("sslmode=verify-full&{known}")),
        Ok(true)
    );

    for (host, parameters) in [
        ("127.0.0.1", format!("sslmode=verify-full&{known}")),
        ("127.0.0.1", format!("sslmode=verify-ca&{strange}")),
        ("127.0.0.1", format!("sslmode=require&{strange}")),
        ("localhost", format!("sslmode=verify-full&{strange}")),
        ("localhost", "sslrootcert=system".to_owned()),
    ] {
        let refused = on(host, &parameters).expect_err(&parameters);
        assert!(refused.contains("certificate"), "{parameters}: {refused}");
    }
    let missing = on("localhost", "sslmode=verify-full&sslrootcert=/nowhere.crt").unwrap_err();
    assert!(missing.contains("/nowhere.crt"), "{missing}");
}

#[test]
fn transport_that_the_server_refuses_is_changed_only_where_the_mode_allows() {
    let secured = Secured::start();
    secured.accept_only("hostssl");
    let on = |parameters: &str| secured.encrypted("127.0.0.1", parameters);
    assert!(
        on("sslmode=disable")
            .unwrap_err()
            .contains("no pg_hba.conf entry")
    );
    assert_eq!(on("sslmode=allow"), Ok(true));
    assert_eq!(on("sslmode=prefer"), Ok(true));

    secured.accept_only("hostnossl");
    assert_eq!(on("sslmode=prefer"), Ok(false));
    assert_eq!(on("sslmode=allow"), Ok(false));
    assert!(
        on("sslmode=require")
            .unwrap_err()
            .contains("no pg_hba.conf entry")
    );
}

#[test]
fn mode_that_needs_encryption_never_goes_without() {
    let wanted = Wanted {
        kind: Some(Kind::Local),
        ..Wanted::default()
    };
    let server = Server::start(&wanted).unwrap();
    let url = server.network_url().unwrap().expose();
    for mode in ["require", "verify-ca&sslrootcert=system", "verify-full"] {
        let Ok(url) = format!("{url}?sslmode={mode}").parse::<Url>() else {
            continue;
        };
        assert!(migrations::connect(&url).is_err(), "{mode}");
    }
    let plain: Url = format!("{url}?sslmode=prefer").parse().unwrap();
    assert!(migrations::connect(&plain).is_ok());
}
