//! The attributes of the kinds that have many, each in the words of its own clause.

use model::quote::object;
use model::schema::{
    Body, Constraint, ConstraintBody, Deferrable, Id, Index, Name, Parallel, ReplicaIdentity, Role,
    Routine, Sequence, SequenceOptions, Settings, Table, Trigger, TriggerEnabled, TriggerEvent,
    TriggerTiming, Volatility,
};
use model::types::short_name;

use super::{List, yes};
use crate::plan::address::label;
use crate::plan::rules::{constraint, sql};

impl List {
    pub(super) fn of_constraint(&mut self, constraint: &Constraint) {
        match &constraint.body {
            ConstraintBody::Check(check) => {
                self.add("check", check.condition.as_str());
                self.add("no inherit", yes(check.no_inherit));
            }
            _ => self.add("definition", constraint::definition(constraint)),
        }
        self.add("deferrable", deferrable(constraint.deferrable));
        self.add("validated", yes(constraint.validated));
        self.add("enforced", yes(constraint.enforced));
        self.add("from its parent", yes(constraint.inherited));
    }

    pub(super) fn of_table(&mut self, table: &Table) {
        let key = table.partition_key.as_ref();
        self.add_option("partition by", key.map(|key| key.definition.as_str()));
        if let Some(partition) = &table.partition_of {
            self.add("partition of", label(&partition.parent));
            self.add("bound", partition.bound.as_str());
        }
        self.ids("inherits", &table.inherits);
        self.add("unlogged", yes(table.unlogged));
        self.settings(&table.parameters);
        let identity = match &table.replica_identity {
            ReplicaIdentity::Default => "default".to_owned(),
            ReplicaIdentity::Full => "full".to_owned(),
            ReplicaIdentity::Nothing => "nothing".to_owned(),
            ReplicaIdentity::Index(name) => format!("index {name}"),
        };
        self.add("replica identity", identity);
        self.add_option("tablespace", table.tablespace.as_deref());
        self.add_option("access method", table.access_method.as_deref());
        if let Some(ty) = &table.of_type {
            self.add("of type", short_name(ty));
        }
        if let Some(foreign) = &table.foreign {
            self.add("server", foreign.server.as_str());
            self.settings(&foreign.options);
        }
    }

    pub(super) fn of_role(&mut self, role: &Role) {
        for (name, value) in [
            ("login", role.login),
            ("superuser", role.superuser),
            ("create database", role.create_database),
            ("create role", role.create_role),
            ("inherit", role.inherit),
            ("replication", role.replication),
            ("bypass row-level security", role.bypass_row_security),
        ] {
            self.add(name, yes(value));
        }
        if role.connection_limit >= 0 {
            self.add("connection limit", role.connection_limit.to_string());
        }
        for (group, may_grant) in &role.member_of {
            let how = if *may_grant {
                "with admin option"
            } else {
                "yes"
            };
            self.add(&format!("member of {group}"), how);
        }
        self.settings(&role.settings);
    }

    pub(super) fn of_sequence(&mut self, sequence: &Sequence) {
        self.add("type", short_name(&sequence.ty));
        self.sequence_options(&sequence.options);
        self.ids("owned by", sequence.owned_by.as_slice());
        self.add("unlogged", yes(sequence.unlogged));
    }

    pub(super) fn sequence_options(&mut self, options: &SequenceOptions) {
        for (name, value) in [
            ("start", options.start),
            ("increment", options.increment),
            ("minvalue", options.min),
            ("maxvalue", options.max),
            ("cache", options.cache),
        ] {
            self.add(name, value.to_string());
        }
        self.add("cycle", yes(options.cycle));
    }

    pub(super) fn of_index(&mut self, index: &Index) {
        self.add("unique", yes(index.unique));
        self.add("nulls not distinct", yes(index.nulls_not_distinct));
        self.add("method", index.method.as_str());
        let keys: Vec<_> = index.keys.iter().map(sql::key).collect();
        self.add("keys", keys.join(", "));
        self.names("include", &index.include);
        self.add_option("where", index.predicate.as_ref().map(|e| e.as_str()));
        self.pairs(&index.parameters);
        self.add_option("tablespace", index.tablespace.as_deref());
        self.add("valid", yes(index.valid));
        self.add("clustered", yes(index.clustered));
        self.ids("attached to", index.parent.as_slice());
        for (key, target) in &index.statistics {
            self.add(&format!("statistics of key {key}"), target.to_string());
        }
    }

    pub(super) fn of_routine(&mut self, routine: &Routine) {
        self.add("arguments", routine.arguments.as_str());
        self.add_option("returns", routine.returns.as_ref().map(|e| e.as_str()));
        self.add("language", routine.language.as_str());
        match &routine.body {
            Body::Text(text) | Body::Sql(text) => self.add("body", text.as_str()),
            Body::Library(file, symbol) => self.add("body", format!("{symbol} of {file}")),
        }
        let volatility = match routine.volatility {
            Volatility::Immutable => "immutable",
            Volatility::Stable => "stable",
            Volatility::Volatile => "volatile",
        };
        self.add("volatility", volatility);
        let parallel = match routine.parallel {
            Parallel::Unsafe => "unsafe",
            Parallel::Restricted => "restricted",
            Parallel::Safe => "safe",
        };
        self.add("parallel", parallel);
        self.add("strict", yes(routine.strict));
        self.add("security definer", yes(routine.security_definer));
        self.add("leakproof", yes(routine.leakproof));
        self.add_option("cost", routine.cost.as_deref());
        self.add_option("rows", routine.rows.as_deref());
        self.add_option("support", routine.support.as_deref());
        self.add_option("transform", routine.transform.as_deref());
        self.settings(&routine.settings);
    }

    pub(super) fn of_trigger(&mut self, trigger: &Trigger) {
        let timing = match trigger.timing {
            TriggerTiming::Before => "before",
            TriggerTiming::After => "after",
            TriggerTiming::InsteadOf => "instead of",
        };
        self.add("timing", timing);
        let events = trigger.events.iter().map(|event| match event {
            TriggerEvent::Insert => "insert".to_owned(),
            TriggerEvent::Delete => "delete".to_owned(),
            TriggerEvent::Truncate => "truncate".to_owned(),
            TriggerEvent::Update(columns) if columns.is_empty() => "update".to_owned(),
            TriggerEvent::Update(columns) => format!("update of {}", sql::names(columns)),
        });
        self.add("events", events.collect::<Vec<_>>().join(" or "));
        let level = if trigger.for_each_row {
            "row"
        } else {
            "statement"
        };
        self.add("for each", level);
        self.add_option("when", trigger.condition.as_ref().map(|e| e.as_str()));
        self.add("function", object(&trigger.function));
        self.names("arguments", &trigger.arguments);
        if let Some(when) = trigger.constraint {
            self.add("constraint trigger", deferrable(when));
        }
        self.ids("from table", trigger.from_table.as_slice());
        self.add_option("old table", trigger.old_table.as_deref());
        self.add_option("new table", trigger.new_table.as_deref());
        let enabled = match trigger.enabled {
            TriggerEnabled::Origin => "yes",
            TriggerEnabled::Replica => "on a replica",
            TriggerEnabled::Always => "always",
            TriggerEnabled::Disabled => "no",
        };
        self.add("enabled", enabled);
    }

    fn names(&mut self, attribute: &str, names: &[Name]) {
        if !names.is_empty() {
            self.add(attribute, sql::names(names));
        }
    }

    fn ids(&mut self, attribute: &str, ids: &[Id]) {
        if !ids.is_empty() {
            let labels: Vec<_> = ids.iter().map(label).collect();
            self.add(attribute, labels.join(", "));
        }
    }

    pub(super) fn settings(&mut self, settings: &Settings) {
        for (name, value) in settings {
            self.add(name, value.as_str());
        }
    }

    fn pairs(&mut self, parameters: &[Name]) {
        for parameter in parameters {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            self.add(name, value);
        }
    }
}

fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "no",
        Deferrable::Immediate => "initially immediate",
        Deferrable::Deferred => "initially deferred",
    }
}
