//! What changes the session: the search path; everything else is only listed.
use super::run::Done;
use super::state::State;
use super::words::Words;
use crate::engines::schema::Class;
use squawk_syntax::SyntaxNode;

impl State {
    /// `SET`, `RESET`.
    pub(super) fn set(&mut self, node: &SyntaxNode) -> Done {
        self.now.class = Class::Session;
        let mut words = Words::of(node);
        if words.eat("RESET") {
            if words.is("ALL") || words.is("search_path") {
                self.path = self.first_path();
            }
            return Ok(());
        }
        words.eat("SET");
        let local = words.eat("LOCAL");
        words.eat("SESSION");
        if words.peek(1) == "." {
            let name = words.dotted().map(|parts| parts.join(".")).unwrap_or_default();
            words.eat_any(&["TO", "="]);
            let value = words.string().unwrap_or_else(|| words.rest());
            self.settings.insert(name, value);
            return Ok(());
        }
        if words.eat("SCHEMA") {
            let path = words.string().into_iter().collect();
            self.set_path(path, local);
        } else if words.eat("search_path") {
            words.eat_any(&["TO", "="]);
            if words.is("DEFAULT") {
                let path = self.first_path();
                self.set_path(path, local);
            } else {
                let mut path = Vec::new();
                while let Some(name) = words.string().or_else(|| words.name()) {
                    path.push(name);
                    if !words.eat(",") {
                        break;
                    }
                }
                self.set_path(path, local);
            }
        }
        Ok(())
    }

    /// The path at the beginning of a session.
    pub(super) fn first_path(&self) -> Vec<String> {
        match self.options.search_path.is_empty() {
            true => vec!["public".to_owned()],
            false => self.options.search_path.clone(),
        }
    }

    /// Sets the path; a local one ends with the transaction.
    pub(super) fn set_path(&mut self, path: Vec<String>, local: bool) {
        if local && self.outer_path.is_none() {
            self.outer_path = Some(self.path.clone());
        }
        if !local {
            self.outer_path = None;
        }
        self.path = path
            .into_iter()
            .filter(|one| !matches!(one.as_str(), "$user" | "\"$user\"" | "pg_catalog" | "pg_temp" | ""))
            .collect();
    }

    /// `CREATE ROLE`, `DROP ROLE`: roles belong to the whole server, but blocks of code ask for them.
    pub(super) fn change_roles(&mut self, node: &SyntaxNode) -> Done {
        self.now.class = Class::Session;
        let mut words = Words::of(node);
        let drop = words.eat("DROP");
        // CREATE, then the kind.
        words.next();
        if !drop {
            words.next();
        }
        words.eat("IF EXISTS");
        for name in words.names() {
            match drop {
                true => self.roles.remove(&name),
                false => self.roles.insert(name),
            };
        }
        Ok(())
    }

    /// `SET ROLE`, `SET SESSION AUTHORIZATION`, `RESET ROLE`.
    pub(super) fn set_role(&mut self, node: &SyntaxNode) -> Done {
        self.now.class = Class::Session;
        let mut words = Words::of(node);
        self.role = None;
        if words.eat("SET") {
            words.eat_any(&["LOCAL", "SESSION AUTHORIZATION", "SESSION"]);
            words.eat_any(&["ROLE", "AUTHORIZATION"]);
            let role = words.string().or_else(|| words.name()).unwrap_or_default();
            self.role = Some(role).filter(|role| !matches!(role.as_str(), "none" | "default" | "postgres"));
        }
        Ok(())
    }

    /// A transaction ended.
    pub(super) fn transaction_ended(&mut self) {
        if let Some(path) = self.outer_path.take() {
            self.path = path;
        }
    }

    /// `set_config('search_path', '…', local)` with constants. False for other calls.
    pub(super) fn set_config(&mut self, name: &str, value: &str, local: bool) {
        if name.contains('.') {
            self.settings.insert(name.to_lowercase(), value.to_owned());
        }
        if name.eq_ignore_ascii_case("search_path") {
            let mut words = Words::parse(value);
            let mut path = Vec::new();
            while let Some(name) = words.string().or_else(|| words.name()) {
                path.push(name);
                if !words.eat(",") {
                    break;
                }
            }
            self.set_path(path, local);
        }
    }
}
