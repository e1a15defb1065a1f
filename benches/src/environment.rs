//! The machine, and the state of the C library that every competitor shares.

use std::os::unix::process::CommandExt;
use std::process::Command;

/// What the C library is told, for every competitor alike.
///
/// The first keeps `memcpy` from `rep movsb`, which on some machines is 15 to 30 times slower for 3 to 256 KiB when source and
/// destination differ by 16 modulo 4096. The other two keep freed memory with the process, so that nobody pays for page faults
/// according to what another competitor has freed before.
pub const TUNABLES: &str = "glibc.cpu.x86_rep_movsb_threshold=1000000000:\
                            glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=4294967296";
const VARIABLE: &str = "GLIBC_TUNABLES";

/// Starts this program again with [`TUNABLES`], unless it already runs with them: they are read once, when a process starts.
pub fn hold_tunables() {
    if std::env::var(VARIABLE).is_ok_and(|value| value == TUNABLES) {
        return;
    }
    let program = std::env::current_exe().expect("the path of this program is known");
    let error = Command::new(program).args(std::env::args_os().skip(1)).env(VARIABLE, TUNABLES).exec();
    panic!("this program could not be started again with {VARIABLE}={TUNABLES}: {error}");
}

/// First line of what a command prints, or why there is none.
pub fn first_line(program: &str, arguments: &[&str]) -> String {
    match Command::new(program).args(arguments).output() {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).lines().next().unwrap_or_default().to_owned()
        }
        Ok(output) => format!("unknown ({program} ended with {})", output.status),
        Err(error) => format!("unknown ({program}: {error})"),
    }
}

/// Model of the processor.
pub fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
    };
    match (field("model name"), field("cpu family"), field("model")) {
        (Some(name), Some(family), Some(model)) => format!("{name} (family {family}, model {model})"),
        (Some(name), ..) => name,
        _ => "unknown".to_owned(),
    }
}

/// Cores that this process may use.
pub fn cores() -> String {
    std::thread::available_parallelism().map_or_else(|error| format!("unknown ({error})"), |cores| cores.to_string())
}

/// The kernel's name and release.
pub fn kernel() -> String {
    first_line("uname", &["-srm"])
}

/// Version of the compiler that is used.
pub fn compiler() -> String {
    first_line("rustc", &["--version"])
}

/// Today, in UTC.
pub fn today() -> String {
    first_line("date", &["-u", "+%Y-%m-%d"])
}
