//! `cargo bench -p codegen`: the stages of the command on models of growing size.

use std::hint::black_box;

use codegen::{bench, derived, emit};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use model::{Schema, Sources};

fn load(text: &str) -> Schema {
    let mut sources = Sources::new();
    sources.add("bench.pilaster", text);
    model::load(&sources).0.schema
}

fn stages(c: &mut Criterion) {
    for tables in [100, 1000] {
        let (old, new) = (bench::model(tables), bench::a_tenth_changed(tables));
        let (from, to) = (load(&old), load(&new));
        let empty = Schema::default();
        let mut group = c.benchmark_group(format!("{tables} tables"));
        group.sample_size(10);
        let id = |what: &str| BenchmarkId::from_parameter(what);
        group.bench_function(id("load"), |b| b.iter(|| load(black_box(&old))));
        group.bench_function(id("plan all"), |b| {
            b.iter(|| derived::between(black_box(&empty), &from, true))
        });
        group.bench_function(id("plan a tenth"), |b| {
            b.iter(|| derived::between(black_box(&from), &to, true))
        });
        group.bench_function(id("emit rust"), |b| {
            b.iter(|| emit::rust(black_box(&from), &emit::Options::default()))
        });
        group.finish();
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
