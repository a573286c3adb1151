//! Owns what a TLS connection trusts: nothing, an issuer, or an issuer and a host name.
//!
//! Never invents roots: where `verify-ca` or `verify-full` find none, connecting is an error.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Url;

/// What the server must show, and what we show it.
pub(super) struct Trust {
    check: Check,
    identity: Option<(PathBuf, PathBuf)>,
}

enum Check {
    Nothing,
    Issuer(Roots),
    IssuerAndName(Roots),
}

enum Roots {
    File(PathBuf),
    System,
}

impl Trust {
    /// What the parameters `sslmode`, `sslrootcert`, `sslcert` and `sslkey` ask for.
    pub(super) fn of(url: &Url) -> Result<Trust, String> {
        let home_roots = home(".postgresql/root.crt").filter(|path| path.exists());
        let roots = match url.parameter("sslrootcert") {
            Some("system") => Some(Roots::System),
            Some(path) => Some(Roots::File(path.into())),
            None => home_roots.map(Roots::File),
        };
        let default = if matches!(roots, Some(Roots::System)) {
            "verify-full"
        } else {
            "prefer"
        };
        let check = match (url.parameter("sslmode").unwrap_or(default), roots) {
            ("verify-full", roots) => Check::IssuerAndName(roots.unwrap_or(Roots::System)),
            ("verify-ca", roots) => Check::Issuer(roots.unwrap_or(Roots::System)),
            // libpq does the same: a root that is there is used, also by `require`.
            ("require", Some(roots)) => Check::Issuer(roots),
            _ => Check::Nothing,
        };
        let identity = match (url.parameter("sslcert"), url.parameter("sslkey")) {
            (Some(cert), Some(key)) => Some((cert.into(), key.into())),
            (None, None) => None,
            _ => return Err("sslcert and sslkey go together, and one is missing".to_owned()),
        };
        Ok(Trust { check, identity })
    }
}

/// A connector that checks what `trust` says; `Err` says which file is at fault.
pub(super) fn connector(trust: Trust) -> Result<MakeRustlsConnect, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = match trust.check {
        Check::Nothing => Arc::new(Lenient {
            inner: None,
            provider: provider.clone(),
        }),
        Check::Issuer(roots) => {
            let inner = Some(strict(roots, &provider)?);
            Arc::new(Lenient {
                inner,
                provider: provider.clone(),
            })
        }
        Check::IssuerAndName(roots) => strict(roots, &provider)?,
    };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match trust.identity {
        None => config.with_no_client_auth(),
        Some((cert, key)) => {
            let chain = certificates(&cert)?;
            let fault = |error: &dyn std::fmt::Display| format!("{}: {error}", key.display());
            let secret = PrivateKeyDer::from_pem_file(&key).map_err(|error| fault(&error))?;
            config
                .with_client_auth_cert(chain, secret)
                .map_err(|error| fault(&error))?
        }
    };
    // The name that PostgreSQL 17 asks for where TLS starts without its own request.
    config.alpn_protocols = vec![b"postgresql".to_vec()];
    Ok(MakeRustlsConnect::new(config))
}

fn strict(
    roots: Roots,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, String> {
    let mut store = RootCertStore::empty();
    match roots {
        Roots::File(path) => {
            for certificate in certificates(&path)? {
                let added = store.add(certificate);
                added.map_err(|error| format!("{}: {error}", path.display()))?;
            }
        }
        Roots::System => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if store.is_empty() {
        return Err("no root certificates on this machine; name a file with sslrootcert".into());
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
        .build()
        .map_err(|error| error.to_string())
}

fn certificates(path: &PathBuf) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_file_iter(path).and_then(|found| found.collect());
    match read {
        Ok(found) => match Vec::is_empty(&found) {
            true => Err(format!("{}: has no certificate in it", path.display())),
            false => Ok(found),
        },
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

fn home(path: &str) -> Option<PathBuf> {
    Some(PathBuf::from(std::env::var_os("HOME")?).join(path))
}

/// Checks the issuer where there is `inner`, and never the host name.
#[derive(Debug)]
struct Lenient {
    inner: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(inner) = &self.inner else {
            return Ok(ServerCertVerified::assertion());
        };
        let checked =
            inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match checked {
            // The name is checked last, so a certificate that only fails here has a known issuer.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
