//! Owns a server in a container of this run's own.
//!
//! Never uses a container that somebody else started, and never leaves its own behind where the
//! `docker` command is there to remove it.

use std::sync::mpsc;
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use migrations::Url;
use testcontainers::core::{IntoContainerPort, WaitFor};
use testcontainers::runners::SyncRunner;
use testcontainers::{Container, GenericImage, ImageExt};

use super::settings::{SETTINGS, secret};
#[cfg(unix)]
use super::watchdog::Sitter;
use super::{Kind, Passed, Running, ServerError, Wanted, engine};

/// How long an image may take to arrive where another source might do as well.
const PULL: Duration = Duration::from_secs(120);

/// How long a server may take to answer, once its container runs.
const START: Duration = Duration::from_secs(60);

/// The container, and before it the one who removes it if we cannot.
struct Keeper {
    #[cfg(unix)]
    _sitter: Sitter,
    _container: Container<GenericImage>,
}

pub(super) fn start(wanted: &Wanted) -> Result<Running, ServerError> {
    let image = &wanted.image;
    let unavailable = |reason: &str, detail: String| {
        let mend = "pull or build the image, or name another with PILASTER_DOCKER_IMAGE";
        Passed::new(Kind::Docker, format!("{reason} of {image}"), mend).with_detail(detail)
    };
    engine::answers().map_err(|reason| {
        let mend = "start Docker, or point DOCKER_HOST at an engine";
        Passed::new(Kind::Docker, reason, mend)
    })?;
    let password = secret();
    let container = launch(wanted, &password)
        .map_err(|error| unavailable("Docker starts no container", error))?;
    #[cfg(unix)]
    let sitter = Sitter::of_container(container.id());
    let url = wait(&container, &password)
        .map_err(|log| unavailable("no server answers in a container", log))?;
    Ok(Running {
        network: Some(url.clone()),
        url,
        kind: Some(Kind::Docker),
        origin: format!("from a container of {image}"),
        keeper: Box::new(Keeper {
            #[cfg(unix)]
            _sitter: sitter,
            _container: container,
        }),
    })
}

/// Makes and starts the container, pulling its image where it is not there.
fn launch(wanted: &Wanted, password: &str) -> Result<Container<GenericImage>, String> {
    let (name, tag) = name_and_tag(&wanted.image);
    let settings = SETTINGS
        .iter()
        .flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")]);
    // That a message is in the log says nothing: the official image starts a first server, which
    // only its own setup may use, and stops it. Nobody but the real one listens on the port.
    let request = GenericImage::new(name, tag)
        .with_exposed_port(5432.tcp())
        .with_wait_for(WaitFor::Nothing)
        .with_env_var("POSTGRES_PASSWORD", password)
        .with_label("org.pilaster.process", std::process::id().to_string())
        .with_cmd(std::iter::once("postgres".to_owned()).chain(settings));
    let (sender, receiver) = mpsc::channel();
    // A registry that swallows our packets would hold us for minutes; the container that still
    // comes of it is removed by being dropped where nobody receives it.
    spawn(move || {
        let _ = sender.send(request.start().map_err(|error| error.to_string()));
    });
    match wanted.kind {
        Some(_) => receiver
            .recv()
            .map_err(|_| "the Docker client panicked".to_owned())?,
        None => receiver
            .recv_timeout(PULL)
            .map_err(|_| format!("nothing within {} seconds", PULL.as_secs()))?,
    }
}

/// Waits until the server answers on its port; `Err` is the end of its log.
fn wait(container: &Container<GenericImage>, password: &str) -> Result<Url, String> {
    let text = |error: testcontainers::TestcontainersError| error.to_string();
    let host = container.get_host().map_err(text)?.to_string();
    let port = container.get_host_port_ipv4(5432.tcp()).map_err(text)?;
    let url = Url::tcp(&host, port, "postgres", password, "postgres");
    let begun = Instant::now();
    loop {
        match migrations::connect(&url) {
            Ok(_) => return Ok(url),
            Err(error) => {
                let ended = !container.is_running().unwrap_or(false);
                if ended || begun.elapsed() > START {
                    let log = container.stderr_to_vec().unwrap_or_default();
                    let log = String::from_utf8_lossy(&log);
                    let lines: Vec<&str> = log.lines().collect();
                    let end = lines[lines.len().saturating_sub(8)..].join("\n");
                    return Err(format!("{error}\n{end}"));
                }
            }
        }
        sleep(Duration::from_millis(50));
    }
}

/// `registry:5000/postgres:17` has its tag after the last colon that no slash follows.
fn name_and_tag(image: &str) -> (&str, &str) {
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (image, "latest"),
    }
}

#[cfg(test)]
mod tests {
    use super::name_and_tag;

    #[test]
    fn tag_is_what_follows_the_last_colon_after_the_registry() {
        assert_eq!(
            name_and_tag("postgres:17-alpine"),
            ("postgres", "17-alpine")
        );
        assert_eq!(name_and_tag("postgres"), ("postgres", "latest"));
        assert_eq!(
            name_and_tag("host:5000/postgres"),
            ("host:5000/postgres", "latest")
        );
        assert_eq!(
            name_and_tag("host:5000/postgres:17"),
            ("host:5000/postgres", "17")
        );
    }
}
