//! The codes of the resolver's faults, by name.
//!
//! A code, once given, never means anything else; [`CODES`](super::CODES) says each in a line.

/// Declares the codes and the lines that explain them, from one list.
macro_rules! codes {
    ($($name:ident = $code:literal, $says:literal;)*) => {
        $(#[doc = $says] pub(crate) const $name: &str = $code;)*

        /// The codes in order, each with what it says.
        pub(super) const RESOLVER: &[(&str, &str)] = &[$(($code, $says)),*];
    };
}

codes! {
    DUPLICATE = "P0201", "two objects have one name";
    UNKNOWN_TYPE = "P0202", "a type doesn't exist";
    UNKNOWN_COLUMN = "P0203", "a column doesn't exist";
    UNKNOWN_RELATION = "P0204", "a table, view or sequence doesn't exist";
    UNKNOWN_FUNCTION = "P0205", "a function doesn't exist";
    UNKNOWN_ROLE = "P0206", "a role doesn't exist";
    UNKNOWN_SCHEMA = "P0207", "a schema doesn't exist";
    UNKNOWN_MIXIN = "P0208", "a mixin doesn't exist";
    UNKNOWN_SHAPE = "P0209", "a json shape doesn't exist";
    DUPLICATE_COLUMN = "P0210", "a table has two columns of one name";
    MIXIN_COLLISION = "P0211", "an included mixin repeats a column of the table";
    NO_COLUMN_IN_SCOPE = "P0212", "an expression names a column where there is none";
    UNKNOWN_ALIAS = "P0213", "no table of that name is in FROM";
    EXTENSION_NOT_DECLARED = "P0214", "a type belongs to an extension that is not declared";
    FUNCTION_UNVERIFIED = "P0215", "a function can't be looked up, because an extension's contents are not known";
    UNKNOWN_STATE = "P0216", "a state is no value of its column";
    UNKNOWN_LABEL = "P0217", "a value is no label of its enum";
    NAME_TOO_LONG = "P0218", "PostgreSQL keeps only 63 bytes of a name";
    DUPLICATE_PART = "P0219", "a label, field, attribute or parameter stands twice";
    MALFORMED_TYPE = "P0220", "a text is not the form of a type";
    UNKNOWN_OBJECT = "P0221", "an object that is referred to doesn't exist";
    UNKNOWN_PLATFORM = "P0222", "a platform is not known";
    UNKNOWN_TEMPLATE = "P0223", "a template doesn't exist";
    UNKNOWN_PERSONA = "P0224", "a persona doesn't exist";
    UNKNOWN_FACT = "P0225", "a fact of a person doesn't exist";
    UNKNOWN_TIE = "P0226", "a tie between rows and persons doesn't exist";
    FOREIGN_KEY_COLUMNS = "P0301", "a foreign key has more or fewer columns than it refers to";
    FOREIGN_KEY_TARGET = "P0302", "a foreign key refers to columns that are not unique";
    FOREIGN_KEY_TYPES = "P0303", "a foreign key's columns have other types than those it refers to";
    SECOND_PRIMARY_KEY = "P0304", "a table has two primary keys";
    DEFAULT_TYPE = "P0305", "a default is no value of the column's type";
    IDENTITY_TYPE = "P0306", "an identity column is not an integer";
    VALUE_TWICE = "P0307", "a column gets its value in two ways";
    POLICY_CLAUSE = "P0308", "a policy has a clause that its command never uses";
    POLICY_OPEN = "P0309", "a policy lacks the clause that limits it";
    TRANSITIONS_COLUMN = "P0310", "a column of transitions has no set of values";
    SEED_MISSING = "P0312", "a seed leaves out a column that must have a value";
    SEED_KEY = "P0313", "a seed's rows can't be told apart";
    SERVER_DECIDES = "P0314", "an expression is one that only the server can read";
    PSEUDO_TYPE = "P0315", "a column can't have a pseudo-type";
    PARTITION = "P0316", "a partition doesn't fit its table";
    SERIAL = "P0317", "a serial column gets a default or is null";
    TOUCH_TYPE = "P0318", "a touched column is not a time";
    SOFT_DELETE_TYPE = "P0319", "a column of `soft delete` is not a time that may be missing";
    PRIVILEGE = "P0320", "a privilege does not exist for that kind of object";
    CYCLE = "P0321", "something contains itself";
    SHAPE_ON_OTHER_TYPE = "P0322", "a shape is given to a type other than jsonb";
    NULLABLE_KEY = "P0323", "a column of the primary key accepts null";
    REPEATED_CLAUSE = "P0325", "a clause stands twice";
    TEMPLATE_ARGUMENT = "P0326", "a template gets an argument that is not what its parameter stands for";
    TEMPLATE_BODY = "P0327", "a template holds more than policies, grants and `rls`";
    TIE_WAY = "P0328", "the way of a tie leads nowhere";
    PERSONA_TIES = "P0329", "a persona without identity is tied to rows";
    PERSONA_GAP = "P0330", "a persona is tied to some rows, and nobody to all others";
    PERSONA_UNSTATED = "P0331", "an intent leaves a persona out";
    PERSONAS_ALIKE = "P0332", "two personas can't be told apart, and are meant to differ";
    INTENT_MISSING = "P0333", "nothing says who may do what with a table";
    INTENT_OF_VIEW = "P0334", "an intent of a view does not say whose rows it shows";
    DELETED_UNSTATED = "P0335", "nothing says who may do what with deleted rows";
    APPEND_ONLY = "P0336", "rows that are only ever added are said to change";
    UPCAST = "P0337", "a shape reads an older one, and a document of it can't become one";
    SECRET = "P0338", "a setting is a secret by its name";
    AUDITED = "P0339", "a trail can't take the lines of a table that is audited into it";
    UNUSED_MIXIN = "P0401", "a mixin is included nowhere";
    UNUSED_TEMPLATE = "P0402", "a template is used nowhere";
}
