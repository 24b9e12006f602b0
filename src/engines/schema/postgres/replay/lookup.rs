//! What names of types, relations and routines mean at this point of a replay.
use super::state::State;
use super::words::folded;
use crate::engines::schema::catalog::{DataType, Name, Routine, UserTypeKind};
use crate::engines::schema::postgres::normal;

/// Types of common extensions.
const EXTENSION_TYPES: [(&str, &str); 20] = [
    ("citext", "citext"),
    ("hstore", "hstore"),
    ("ltree", "ltree"),
    ("lquery", "ltree"),
    ("ltxtquery", "ltree"),
    ("cube", "cube"),
    ("seg", "seg"),
    ("earth", "earthdistance"),
    ("isbn", "isn"),
    ("ean13", "isn"),
    ("query_int", "intarray"),
    ("geometry", "postgis"),
    ("geography", "postgis"),
    ("box2d", "postgis"),
    ("box3d", "postgis"),
    ("raster", "postgis_raster"),
    ("vector", "vector"),
    ("halfvec", "vector"),
    ("sparsevec", "vector"),
    ("semver", "semver"),
];

impl State {
    /// A type as it is written, in canonical form, with its schema when it is no type of the server.
    pub(super) fn type_of(&self, text: &str) -> DataType {
        self.resolved(normal::data_type(text))
    }

    /// A canonical type with its schema found.
    pub(super) fn resolved(&self, data_type: DataType) -> DataType {
        if data_type.schema.is_some() || data_type.name == "?" {
            return data_type;
        }
        let Some(name) = self.type_name(None, &data_type.name) else { return data_type };
        DataType { schema: Some(name.schema), name: name.name, ..data_type }
    }

    /// The type, table or view of this name, or the type of an extension.
    pub(super) fn type_name(&self, schema: Option<&str>, name: &str) -> Option<Name> {
        let found = self.find(schema, name, |catalog, name| {
            catalog.types.contains_key(name) || catalog.tables.contains_key(name) || catalog.views.contains_key(name)
        });
        found.or_else(|| {
            let (_, extension) = EXTENSION_TYPES.iter().find(|(one, _)| *one == name)?;
            let extension = self.catalog.extensions.get(*extension)?;
            Some(Name::new(&extension.schema, name))
        })
    }

    /// The type beneath a domain; any other type as it is.
    pub(super) fn beneath(&self, data_type: &DataType) -> DataType {
        let mut found = data_type.clone();
        // Domains over domains: bounded, for the catalog may hold nonsense.
        for _ in 0..16 {
            let Some(schema) = &found.schema else { break };
            if schema == "information_schema" {
                let name = match found.name.as_str() {
                    "sql_identifier" => "name",
                    "cardinal_number" => "integer",
                    "time_stamp" => "timestamp with time zone",
                    _ => "character varying",
                };
                return DataType { schema: None, name: name.to_owned(), ..found };
            }
            let Some(one) = self.catalog.types.get(&Name::new(schema, &found.name)) else { break };
            let UserTypeKind::Domain { base, .. } = &one.kind else { break };
            found = DataType { array: base.array || found.array, ..base.clone() };
        }
        found
    }

    /// Attributes of a composite type.
    pub(super) fn attributes_of(&self, name: &Name) -> Option<Vec<(String, DataType)>> {
        match &self.catalog.types.get(name)?.kind {
            UserTypeKind::Composite(attributes) => Some(attributes.clone()),
            _ => None,
        }
    }

    /// The table or view of this name.
    pub(super) fn relation(&self, schema: Option<&str>, name: &str) -> Option<Name> {
        self.find(schema, name, |catalog, name| catalog.tables.contains_key(name) || catalog.views.contains_key(name))
    }

    /// Routines of this name, in the first schema of the search path that has one.
    pub(super) fn routines_named(&self, schema: Option<&str>, name: &str) -> Vec<(Name, String)> {
        let schemas = match schema {
            Some(schema) => vec![schema.to_owned()],
            None => self.path.clone(),
        };
        let mut all = Vec::new();
        for schema in schemas {
            let name = Name::new(schema, name);
            let from = (name.clone(), String::new());
            all.extend(
                self.catalog.routines.range(from..).map(|(key, _)| key).take_while(|key| key.0 == name).cloned(),
            );
        }
        all
    }

    /// The routine that `name(types)` means.
    pub(super) fn routine_of(
        &self,
        schema: Option<&str>,
        name: &str,
        types: Option<&[DataType]>,
    ) -> Option<(Name, String)> {
        let all = self.routines_named(schema, name);
        let Some(types) = types else {
            return all.into_iter().next();
        };
        let fits = |routine: &Routine| {
            routine.signature.len() == types.len()
                && routine.signature.iter().zip(types).all(|(one, given)| {
                    (&one.schema, &one.name, one.array) == (&given.schema, &given.name, given.array)
                })
        };
        all.into_iter().find(|key| self.catalog.routines.get(key).is_some_and(fits))
    }

    /// The routine that a trigger calls: its own schema, or the search path; by name alone when it is not known.
    pub(super) fn routine_text(&self, schema: Option<&str>, name: &str) -> Name {
        let found = self.routines_named(schema, name).into_iter().next().map(|(name, _)| name);
        found.unwrap_or_else(|| match schema {
            Some(schema) => Name::new(schema, name),
            None if name.starts_with("tsvector_update_trigger") || name == "suppress_redundant_updates_trigger" => {
                Name::new("pg_catalog", name)
            }
            None => Name::new(self.extension_schema_of(name).unwrap_or_else(|| self.new_name(None, name).schema), name),
        })
    }

    /// The schema of the extension that brings this trigger function.
    fn extension_schema_of(&self, function: &str) -> Option<String> {
        let extension = match function {
            "moddatetime" => "moddatetime",
            "autoinc" => "autoinc",
            "insert_username" => "insert_username",
            "lo_manage" => "lo",
            "check_primary_key" | "check_foreign_key" => "refint",
            _ => return None,
        };
        self.catalog.extensions.get(extension).map(|one| one.schema.clone())
    }
}

/// A dotted name as it is written.
pub(super) fn split_name(text: &str) -> Option<(Option<String>, String)> {
    let mut words = super::words::Words::parse_light(text);
    let found = words.qualified();
    found.filter(|_| words.done()).or_else(|| folded(text).map(|name| (None, name)))
}

/// Whether a type of the server has this name.
pub(super) fn is_own_type(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    normal::data_type(name).name != name
        || [
            "text", "integer", "bigint", "smallint", "boolean", "json", "jsonb", "uuid", "date", "numeric", "bytea",
            "xml", "inet", "interval", "real",
        ]
        .contains(&name)
}
