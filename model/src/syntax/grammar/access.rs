//! Roles, grants, default privileges, policies, transitions.

use crate::diagnostic::Diagnostic;
use crate::schema::Privilege;
use crate::syntax::parser::{Parse, Parser, Reported};
use crate::syntax::token::TokenKind;
use crate::syntax::tree::{
    DatabaseSettings, DefaultPrivileges, Grant, GrantTarget, Ident, ObjectClass, PrivilegeItem,
    Role, RoleFlag, RoleOption, RoutineRef,
};

const PRIVILEGES: &[&str] = &[
    "select",
    "insert",
    "update",
    "delete",
    "truncate",
    "references",
    "trigger",
    "maintain",
    "usage",
    "create",
    "execute",
    "connect",
    "temporary",
    "set",
    "alter",
    "all",
];

impl Parser<'_> {
    /// `role NAME options`.
    pub(crate) fn role(&mut self) -> Parse<Role> {
        let docs = self.docs();
        let start = self.start();
        self.expect_word("role")?;
        let name = self.ident("the name of the role")?;
        let mut role = Role {
            span: self.since(start),
            docs,
            name,
            options: Vec::new(),
            clauses: Vec::new(),
        };
        while !self.at_end() {
            if let Some(option) = self.role_option()? {
                role.options.push(option);
            } else if let Some(clause) = self.object_clause()? {
                role.clauses.push(clause);
            } else {
                const WORDS: &[&str] = &[
                    "login",
                    "superuser",
                    "createdb",
                    "createrole",
                    "inherit",
                    "noinherit",
                    "replication",
                    "bypassrls",
                    "connection",
                    "member",
                    "comment",
                    "was",
                ];
                return Err(self.unknown_word(WORDS, "an attribute of the role"));
            }
        }
        role.span = self.since(start);
        Ok(role)
    }

    fn role_option(&mut self) -> Parse<Option<RoleOption>> {
        let word = self.word().to_ascii_lowercase();
        let (on, flag) = match word.strip_prefix("no") {
            Some(rest) => (false, rest),
            None => (true, word.as_str()),
        };
        let flag = match flag {
            "login" => Some(RoleFlag::Login),
            "superuser" => Some(RoleFlag::Superuser),
            "createdb" => Some(RoleFlag::CreateDatabase),
            "createrole" => Some(RoleFlag::CreateRole),
            "inherit" => Some(RoleFlag::Inherit),
            "replication" => Some(RoleFlag::Replication),
            "bypassrls" => Some(RoleFlag::BypassRowSecurity),
            _ => None,
        };
        if let Some(flag) = flag {
            self.bump_keyword();
            return Ok(Some(RoleOption::Flag(flag, on)));
        }
        if self.eat_words(&["connection", "limit"]) {
            let limit = self.integer_32("the number of connections")?;
            return Ok(Some(RoleOption::ConnectionLimit(limit)));
        }
        if self.eat_words(&["member", "of"]) {
            let roles = self.separated(|p| {
                let role = p.ident("a role")?;
                Ok((role, p.eat_words(&["with", "admin", "option"])))
            })?;
            return Ok(Some(RoleOption::MemberOf(roles)));
        }
        if self.eat_word("set") {
            return self.setting().map(|s| Some(RoleOption::Set(s)));
        }
        if word == "password" {
            let place = self.span().in_file(self.file);
            self.report(
                Diagnostic::error("P0121", "a model holds no passwords", place)
                    .label("expected an attribute of the role")
                    .help("set the password on the server, with `\\password` in psql"),
            );
            return Err(Reported);
        }
        Ok(None)
    }

    /// `grant … to …` or `revoke … from …`; inside an object's block without `on`.
    pub(crate) fn grant(&mut self, in_block: bool) -> Parse<Grant> {
        let start = self.start();
        let revoke = self.correct(&["grant", "revoke"], "`grant` or `revoke`")? == "revoke";
        let grant_option = revoke && self.eat_words(&["grant", "option", "for"]);
        let (privileges, all_columns) = self.privileges()?;
        let target = if self.is_word("on") {
            self.bump_keyword();
            let before = self.at;
            if in_block && self.eat_word("identity") {
                return self.grant_rest(
                    start,
                    revoke,
                    grant_option,
                    (privileges, all_columns),
                    Some(GrantTarget::Identity),
                );
            }
            let target = self.grant_target()?;
            if in_block {
                self.needless_target(before);
                None
            } else {
                Some(target)
            }
        } else if in_block {
            None
        } else {
            let help =
                "outside of a block a grant says what it is on: `grant select on deals to …`";
            return Err(self.expected_help("P0124", "`on`", help));
        };
        self.grant_rest(
            start,
            revoke,
            grant_option,
            (privileges, all_columns),
            target,
        )
    }

    /// `to` or `from` whom.
    fn grant_rest(
        &mut self,
        start: u32,
        revoke: bool,
        mut grant_option: bool,
        (privileges, all_columns): (Vec<PrivilegeItem>, Vec<Ident>),
        target: Option<GrantTarget>,
    ) -> Parse<Grant> {
        self.expect_word(if revoke { "from" } else { "to" })?;
        let grantees = self.separated(|p| p.ident("a role, or `public`"))?;
        if !revoke {
            grant_option = self.eat_words(&["with", "grant", "option"]);
        }
        Ok(Grant {
            span: self.since(start),
            revoke,
            privileges,
            all_columns,
            target,
            grantees,
            grant_option,
        })
    }

    fn needless_target(&mut self, before: usize) {
        let span = self.tokens[before - 1]
            .span()
            .to(self.tokens[self.at - 1].span());
        let place = span.in_file(self.file);
        self.report(
            Diagnostic::error(
                "P0125",
                "a grant in a block is on the block's object",
                place,
            )
            .label("expected nothing between the privileges and the roles")
            .help("leave it out, or move the grant out of the block")
            .suggest(place, ""),
        );
    }

    fn privileges(&mut self) -> Parse<(Vec<PrivilegeItem>, Vec<Ident>)> {
        if self.eat_word("all") {
            self.eat_word("privileges");
            let columns = if self.is(TokenKind::LeftParen) {
                self.columns()?
            } else {
                Vec::new()
            };
            return Ok((Vec::new(), columns));
        }
        let items = self.separated(|p| {
            let start = p.start();
            let privilege = p.privilege()?;
            let columns = if p.is(TokenKind::LeftParen) {
                p.columns()?
            } else {
                Vec::new()
            };
            Ok(PrivilegeItem {
                privilege,
                columns,
                span: p.since(start),
            })
        })?;
        Ok((items, Vec::new()))
    }

    fn privilege(&mut self) -> Parse<Privilege> {
        if self.eat_words(&["alter", "system"]) {
            return Ok(Privilege::AlterSystem);
        }
        if self.eat_word("temp") {
            return Ok(Privilege::Temporary);
        }
        let word = self.correct_as("P0141", PRIVILEGES, "a privilege such as `select`")?;
        Privilege::parse(word).ok_or_else(|| self.expected_as("P0141", "a privilege"))
    }

    fn grant_target(&mut self) -> Parse<GrantTarget> {
        if self.is_word("all") && self.is_word_at(2, "in") {
            self.bump_keyword();
            let class = self.object_class()?;
            self.expect_word("in")?;
            self.expect_word("schema")?;
            let schemas = self.separated(|p| p.ident("a schema"))?;
            return Ok(GrantTarget::AllIn(class, schemas));
        }
        let named = self.is_name_at(1);
        let word = if named {
            self.word().to_ascii_lowercase()
        } else {
            String::new()
        };
        let names = |p: &mut Self| {
            p.bump_keyword();
            p.separated(|p| p.ident("a name"))
        };
        let qnames = |p: &mut Self| p.separated(|p| p.qname("a name"));
        Ok(match word.as_str() {
            "table" => {
                self.bump_keyword();
                GrantTarget::Relations(qnames(self)?)
            }
            "sequence" => {
                self.bump_keyword();
                GrantTarget::Sequences(qnames(self)?)
            }
            "function" | "procedure" | "routine" => {
                self.bump_keyword();
                GrantTarget::Routines(self.separated(Self::routine_ref)?)
            }
            "schema" => GrantTarget::Schemas(names(self)?),
            "type" | "domain" => {
                self.bump_keyword();
                GrantTarget::Types(qnames(self)?)
            }
            "language" => GrantTarget::Languages(names(self)?),
            "foreign" if self.eat_words(&["foreign", "data", "wrapper"]) => {
                GrantTarget::ForeignDataWrappers(self.separated(|p| p.ident("a name"))?)
            }
            "foreign" if self.eat_words(&["foreign", "server"]) => {
                GrantTarget::ForeignServers(self.separated(|p| p.ident("a name"))?)
            }
            _ => GrantTarget::Relations(qnames(self)?),
        })
    }

    pub(crate) fn object_class(&mut self) -> Parse<ObjectClass> {
        let words = &[
            "tables",
            "sequences",
            "functions",
            "routines",
            "procedures",
            "types",
            "schemas",
        ];
        let what = "`tables`, `sequences`, `functions`, `types` or `schemas`";
        Ok(match self.correct(words, what)? {
            "tables" => ObjectClass::Tables,
            "sequences" => ObjectClass::Sequences,
            "types" => ObjectClass::Types,
            "schemas" => ObjectClass::Schemas,
            _ => ObjectClass::Functions,
        })
    }

    /// `name` or `name(type, …)`.
    pub(crate) fn routine_ref(&mut self) -> Parse<RoutineRef> {
        let name = self.qname("a function")?;
        let arguments = if self.is(TokenKind::LeftParen) {
            self.mark(crate::syntax::parser::mark::GLUE);
            Some(self.list("types", |p| {
                // `count(*)`: an aggregate of no arguments.
                p.plain_type("a type")
            })?)
        } else {
            None
        };
        Ok(RoutineRef { name, arguments })
    }

    /// `database [for role R] set NAME = VALUE …`.
    pub(crate) fn database_settings(&mut self) -> Parse<DatabaseSettings> {
        let start = self.start();
        self.expect_word("database")?;
        let role = match self.eat_words(&["for", "role"]) {
            true => Some(self.ident("a role")?),
            false => None,
        };
        let mut settings = Vec::new();
        while settings.is_empty() || !self.at_end() {
            self.expect_word("set")?;
            settings.push(self.setting()?);
        }
        Ok(DatabaseSettings {
            span: self.since(start),
            role,
            settings,
        })
    }

    /// `default privileges …`.
    pub(crate) fn default_privileges(&mut self) -> Parse<DefaultPrivileges> {
        let start = self.start();
        self.expect_word("default")?;
        self.expect_word("privileges")?;
        let roles = if self.eat_words(&["for", "role"]) {
            self.separated(|p| p.ident("a role"))?
        } else {
            Vec::new()
        };
        let schemas = if self.eat_words(&["in", "schema"]) {
            self.separated(|p| p.ident("a schema"))?
        } else {
            Vec::new()
        };
        let grant_start = self.start();
        let revoke = self.correct(&["grant", "revoke"], "`grant` or `revoke`")? == "revoke";
        let mut grant_option = revoke && self.eat_words(&["grant", "option", "for"]);
        let (privileges, all_columns) = self.privileges()?;
        self.expect_word("on")?;
        let class = self.object_class()?;
        self.expect_word(if revoke { "from" } else { "to" })?;
        let grantees = self.separated(|p| p.ident("a role, or `public`"))?;
        if !revoke {
            grant_option = self.eat_words(&["with", "grant", "option"]);
        }
        let grant = Grant {
            span: self.since(grant_start),
            revoke,
            privileges,
            all_columns,
            target: None,
            grantees,
            grant_option,
        };
        Ok(DefaultPrivileges {
            span: self.since(start),
            roles,
            schemas,
            class,
            grant,
        })
    }
}
