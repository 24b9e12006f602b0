//! Domains.
use super::expr;
use super::parse::{self, Look};
use super::run::{Done, Refusal};
use super::state::State;
use crate::engines::schema::catalog::{Expression, Key, Kind, Name, UserType, UserTypeKind};
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};
use std::collections::BTreeSet;

/// The parts of a domain.
type Parts<'a> = (&'a mut bool, &'a mut Option<Expression>, &'a mut Vec<(String, Expression)>);

impl State {
    /// `CREATE DOMAIN`.
    pub(super) fn create_domain(&mut self, statement: &ast::CreateDomain) -> Done {
        let Some((schema, bare)) = statement.one::<ast::Domain>().and_then(|one| parse::path(&one)) else {
            return Ok(());
        };
        let name = self.new_relation(schema.as_deref(), &bare)?;
        self.must_be_free_type(&name)?;
        let base = self.resolve_type(&statement.one::<ast::Type>().map(|one| one.words()).unwrap_or_default())?;
        let collation = statement.deep::<ast::Collate>().and_then(|one| self.collation(&one));
        let (mut not_null, mut default, mut checks) = (false, None, Vec::new());
        let nodes: Vec<SyntaxNode> =
            statement.syntax().descendants().filter(|one| ast::Constraint::can_cast(one.kind())).collect();
        for node in nodes {
            match ast::Constraint::cast(node) {
                Some(ast::Constraint::NotNullConstraint(_)) => not_null = true,
                Some(ast::Constraint::DefaultConstraint(one)) => {
                    if let Some(value) = one.one::<ast::Expr>() {
                        default = self.default_of(&expr::text_of(value.syntax(), ""), &base);
                    }
                }
                Some(ast::Constraint::CheckConstraint(one)) => checks.push(self.domain_check(&one, &name, &checks)),
                _ => {}
            }
        }
        checks.sort_by(|a, b| a.0.cmp(&b.0));
        self.touch_type(&name);
        let meta = self.create(&Key::top(Kind::Domain, &name));
        let kind = UserTypeKind::Domain { base, not_null, default, collation, checks };
        self.catalog.types.insert(name, UserType { meta, kind });
        Ok(())
    }

    /// A check of a domain, under the name that is written or made up.
    fn domain_check(
        &self,
        check: &ast::CheckConstraint,
        domain: &Name,
        others: &[(String, Expression)],
    ) -> (String, Expression) {
        let written = check
            .one::<ast::ConstraintNameClause>()
            .and_then(|one| one.one::<ast::ConstraintName>())
            .map(|one| parse::own_name(&one));
        let name = written.unwrap_or_else(|| {
            let taken: BTreeSet<String> = others.iter().map(|(name, _)| name.clone()).collect();
            self.constraint_name(&domain.schema, &domain.name, None, "check", &taken)
        });
        let text = check
            .syntax()
            .children()
            .find(|one| ast::Expr::can_cast(one.kind()))
            .map(|one| expr::text_of(&one, ""))
            .unwrap_or_default();
        (name, Expression::plain(text.clone()))
    }

    fn rename_domain_check(&mut self, name: &Name, rename: &ast::RenameConstraint) {
        let from = rename
            .one::<ast::ConstraintNameRef>()
            .and_then(|one| parse::path(&one))
            .map(|(_, name)| name)
            .unwrap_or_default();
        let to = rename.one::<ast::ConstraintName>().map(|one| parse::own_name(&one)).unwrap_or_default();
        self.domain(name, |(_, _, checks)| {
            checks.iter_mut().filter(|(one, _)| *one == from).for_each(|(one, _)| one.clone_from(&to));
            checks.sort_by(|a, b| a.0.cmp(&b.0));
        });
    }

    /// `ALTER DOMAIN`.
    pub(super) fn alter_domain(&mut self, statement: &ast::AlterDomain) -> Done {
        let name = self.must_find_type(statement.one::<ast::DomainRef>().and_then(|one| parse::path(&one)))?;
        self.touch_type(&name);
        let Some(UserTypeKind::Domain { base, checks, .. }) = self.catalog.types.get(&name).map(|one| one.kind.clone())
        else {
            return Err(Refusal::new(
                "wrong_object_type",
                format!("\"{}\" is not a domain", name.name),
                [self.type_key(&name)],
            ));
        };
        match statement.one::<ast::AlterDomainAction>() {
            Some(ast::AlterDomainAction::SetDefault(set)) => {
                let text = set.one::<ast::Expr>().map(|one| expr::text_of(one.syntax(), "")).unwrap_or_default();
                let made = self.default_of(&text, &base);
                self.domain(&name, |(_, default, _)| *default = made);
            }
            Some(ast::AlterDomainAction::DropDefault(_)) => self.domain(&name, |(_, default, _)| *default = None),
            Some(ast::AlterDomainAction::SetNotNull(_)) => self.domain(&name, |(not_null, ..)| *not_null = true),
            Some(ast::AlterDomainAction::DropNotNull(_)) => self.domain(&name, |(not_null, ..)| *not_null = false),
            Some(ast::AlterDomainAction::AddConstraint(add)) => {
                self.now.flags.not_valid |= add.deep::<ast::NotValid>().is_some();
                if let Some(check) = add.deep::<ast::CheckConstraint>() {
                    let made = self.domain_check(&check, &name, &checks);
                    if checks.iter().any(|(one, _)| *one == made.0) {
                        let reason = format!("constraint \"{}\" for domain \"{}\" already exists", made.0, name.name);
                        return Err(Refusal::new("duplicate_object", reason, [Key::top(Kind::Domain, &name)]));
                    }
                    self.domain(&name, |(_, _, checks)| {
                        checks.push(made);
                        checks.sort_by(|a, b| a.0.cmp(&b.0));
                    });
                } else {
                    self.domain(&name, |(not_null, ..)| *not_null = true);
                }
            }
            Some(ast::AlterDomainAction::DropConstraint(drop)) => {
                let constraint = drop
                    .one::<ast::ConstraintNameRef>()
                    .and_then(|one| parse::path(&one))
                    .map(|(_, name)| name)
                    .unwrap_or_default();
                let there = checks.iter().any(|(one, _)| *one == constraint);
                if !there && !self.conditional(drop.is::<ast::IfExists>(), true) {
                    let reason = format!("constraint \"{constraint}\" of domain \"{}\" does not exist", name.name);
                    return Err(Refusal::new("undefined_object", reason, [Key::top(Kind::Domain, &name)]));
                }
                self.domain(&name, |(_, _, checks)| checks.retain(|(one, _)| *one != constraint));
            }
            Some(ast::AlterDomainAction::RenameConstraint(rename)) => self.rename_domain_check(&name, &rename),
            Some(ast::AlterDomainAction::DomainRenameTo(to)) => {
                let to = parse::name(&to).unwrap_or_default();
                return self.rename_type(&name, &Name::new(&*name.schema, to));
            }
            Some(ast::AlterDomainAction::SetSchema(to)) => {
                let to = self.must_find_schema(
                    &to.one::<ast::SchemaRef>().map(|one| parse::own_name(&one)).unwrap_or_default(),
                )?;
                return self.rename_type(&name, &Name::new(to, &*name.name));
            }
            Some(ast::AlterDomainAction::ValidateConstraint(_)) => self.now.flags.validate = true,
            Some(ast::AlterDomainAction::OwnerTo(_)) | None => {}
        }
        Ok(())
    }

    fn domain(&mut self, name: &Name, change: impl FnOnce(Parts<'_>)) {
        if let Some(UserTypeKind::Domain { not_null, default, checks, .. }) =
            self.catalog.types.get_mut(name).map(|one| &mut one.kind)
        {
            change((not_null, default, checks));
        }
    }
}
