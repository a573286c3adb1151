//! Work on many things that need nothing of each other, shared among the cores there are.

use std::thread;

/// More threads than this are not worth their start.
const MOST: usize = 8;

/// What `work` makes of each place of `0..n`, in their order; on one core where `n` is less than `alone`.
///
/// ```
/// assert_eq!(model::share::map(4, 2, |i| i * i), [0, 1, 4, 9]);
/// ```
pub fn map<R: Send>(n: usize, alone: usize, work: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let cores = if n < alone {
        1
    } else {
        thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST))
    };
    if cores == 1 {
        return (0..n).map(work).collect();
    }
    let share = n.div_ceil(cores).max(1);
    let work = &work;
    let done: Vec<Vec<R>> = thread::scope(|scope| {
        let chunk = |first: usize| (first..n.min(first + share)).map(work).collect();
        let others: Vec<_> = (share..n)
            .step_by(share)
            .map(|first| scope.spawn(move || chunk(first)))
            .collect();
        let own = chunk(0);
        let rest = others.into_iter().map(|other| {
            other
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        std::iter::once(own).chain(rest).collect()
    });
    done.into_iter().flatten().collect()
}

/// What two pieces of work make, done at once.
///
/// ```
/// assert_eq!(model::share::both(|| 1 + 1, || "two"), (2, "two"));
/// ```
pub fn both<A, B: Send>(a: impl FnOnce() -> A, b: impl FnOnce() -> B + Send) -> (A, B) {
    thread::scope(|scope| {
        let b = scope.spawn(b);
        let a = a();
        let b = b.join();
        (
            a,
            b.unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_done_once_and_in_order() {
        for n in [0, 1, 2, 7, 64, 1001] {
            let places: Vec<usize> = (0..n).collect();
            assert_eq!(map(n, 0, |i| i), places);
            assert_eq!(map(n, usize::MAX, |i| i), places);
        }
    }
}
