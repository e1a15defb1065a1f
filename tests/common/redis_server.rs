//! A private `redis-server` on a unix socket in a temporary folder, for tests and examples.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Runs until it is dropped; nothing of it stays.
pub(crate) struct PrivateServer {
    process: Child,
    folder: PathBuf,
    /// The program that runs.
    pub(crate) program: PathBuf,
    /// Where redis-rs finds it.
    pub(crate) url: String,
}

impl PrivateServer {
    /// Starts the `redis-server` that is on `PATH`; `None` if there is none.
    pub(crate) fn start() -> std::io::Result<Option<Self>> {
        on_path("redis-server").map(Self::start_program).transpose()
    }

    /// Starts this program.
    #[allow(dead_code, reason = "not every crate that includes this file chooses its program")]
    pub(crate) fn start_program(program: PathBuf) -> std::io::Result<Self> {
        Self::start_with(program, &["--port", "0"])
    }

    /// Starts a node of a cluster that is yet to be formed, on two ports of this machine that were free: one for clients, and one
    /// for the other nodes.
    #[allow(dead_code, reason = "not every crate that includes this file has a cluster")]
    pub(crate) fn start_node(program: PathBuf) -> std::io::Result<(Self, [u16; 2])> {
        Self::start_on_ports(&program, |[port, bus]| {
            format!(
                "--port {port} --cluster-port {bus} --bind 127.0.0.1 --cluster-enabled yes --cluster-announce-ip 127.0.0.1"
            )
        })
    }

    /// Starts this program with TLS on a port of this machine that was free, which is given back. The folder, in whose name is no
    /// blank, has the files `cert.pem` and `key.pem`.
    #[allow(dead_code, reason = "not every crate that includes this file speaks TLS")]
    pub(crate) fn start_tls(program: PathBuf, folder: &Path) -> std::io::Result<(Self, u16)> {
        let folder = folder.display();
        let (server, [port, _]) = Self::start_on_ports(&program, |[port, _]| {
            format!(
                "--port 0 --tls-port {port} --bind 127.0.0.1 --tls-cert-file {folder}/cert.pem --tls-key-file {folder}/key.pem \
                 --tls-auth-clients no"
            )
        })?;
        Ok((server, port))
    }

    /// The arguments, with blanks between them, for two ports that are free.
    fn start_on_ports(program: &Path, arguments: impl Fn([u16; 2]) -> String) -> std::io::Result<(Self, [u16; 2])> {
        let mut attempts = 20;
        loop {
            let ports = free_ports()?;
            let arguments = arguments(ports);
            match Self::start_with(program.to_path_buf(), &arguments.split(' ').collect::<Vec<_>>()) {
                Ok(server) => return Ok((server, ports)),
                // Somebody else took one of the ports in between: the server ends, and is not the one that answers.
                Err(error) if attempts == 0 => return Err(error),
                Err(_) => attempts -= 1,
            }
        }
    }

    fn start_with(program: PathBuf, arguments: &[&str]) -> std::io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("ndwire-redis-{}-{count}", std::process::id()));
        std::fs::create_dir(&folder)?;
        let socket = folder.join("s");
        // Without a port only who may enter the folder reaches the server, and nothing is written but the socket.
        let process = Command::new(&program)
            .args(arguments)
            .args(["--save", "", "--appendonly", "no", "--unixsocketperm", "700", "--unixsocket"])
            .arg(&socket)
            .current_dir(&folder)
            .stdout(Stdio::null())
            .spawn();
        let process = match process {
            Ok(process) => process,
            Err(error) => {
                std::fs::remove_dir_all(&folder)?;
                return Err(error);
            }
        };
        let mut server = PrivateServer { process, folder, program, url: format!("unix://{}", socket.display()) };
        server.wait_until_it_answers(&socket)?;
        Ok(server)
    }

    fn wait_until_it_answers(&mut self, socket: &Path) -> std::io::Result<()> {
        let start = Instant::now();
        loop {
            match ping(socket) {
                Ok(()) => return Ok(()),
                Err(error) if start.elapsed() > Duration::from_secs(30) => return Err(error),
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
            if let Some(status) = self.process.try_wait()? {
                return Err(std::io::Error::other(format!("{}: {status}", self.program.display())));
            }
        }
    }
}

impl Drop for PrivateServer {
    fn drop(&mut self) {
        // A failure leaves a process or a folder behind, which a panic here (perhaps the second one) would not mend.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Two ports that nobody listened on a moment ago.
fn free_ports() -> std::io::Result<[u16; 2]> {
    let [one, other] = [TcpListener::bind(("127.0.0.1", 0))?, TcpListener::bind(("127.0.0.1", 0))?];
    Ok([one.local_addr()?.port(), other.local_addr()?.port()])
}

#[cfg(unix)]
fn ping(socket: &Path) -> std::io::Result<()> {
    let mut stream = std::os::unix::net::UnixStream::connect(socket)?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 7];
    stream.read_exact(&mut answer)?;
    match &answer {
        b"+PONG\r\n" => Ok(()),
        _ => Err(std::io::Error::other("redis-server does not answer PING with PONG")),
    }
}

#[cfg(not(unix))]
fn ping(_: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    cfg!(unix).then_some(())?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}
