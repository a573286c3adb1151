//! Tokens to blocks, fields and attributes, each with its place.

use super::super::Remark;
use super::lexer::{Token, tokens};

/// `model User { … }`, and its like.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// `model`, `enum`, `view`, `type`, `datasource` or `generator`.
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) at: Place,
    pub(super) above: Above,
    /// Fields; the values of an enum; the settings of a datasource.
    pub(super) fields: Vec<Field>,
    /// `@@…`.
    pub(super) attributes: Vec<Attribute>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: usize,
}

impl Place {
    pub(super) fn remark(&self, text: impl Into<String>) -> Remark {
        Remark {
            file: self.file.clone(),
            line: self.line,
            text: text.into(),
        }
    }
}

/// What stands on the lines above.
#[derive(Clone, Debug, Default)]
pub(super) struct Above {
    pub(super) docs: Vec<String>,
    pub(super) comments: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) at: Place,
    pub(super) above: Above,
    /// Empty for an enum's value.
    pub(super) ty: String,
    /// `Unsupported("…")`.
    pub(super) unsupported: bool,
    pub(super) list: bool,
    pub(super) optional: bool,
    pub(super) attributes: Vec<Attribute>,
    /// A setting's value, behind `=`.
    pub(super) value: Option<Value>,
}

#[derive(Clone, Debug)]
pub(super) struct Attribute {
    /// Without its `@`: `id`, `db.VarChar`.
    pub(super) name: String,
    pub(super) at: Place,
    /// Arguments, each with its name where it is written.
    pub(super) arguments: Arguments,
}

/// Arguments, each with its name where it is written.
pub(super) type Arguments = Vec<(Option<String>, Value)>;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(String),
    Word(String),
    Call(String, Arguments),
    List(Vec<Value>),
}

impl Field {
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }
}

impl Block {
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }
}

impl Attribute {
    /// The argument of that name, or the first that has none.
    pub(super) fn argument(&self, name: &str) -> Option<&Value> {
        let named = self
            .arguments
            .iter()
            .find(|(n, _)| n.as_deref() == Some(name));
        named.map(|(_, value)| value)
    }

    pub(super) fn first(&self) -> Option<&Value> {
        let unnamed = self.arguments.iter().find(|(n, _)| n.is_none());
        unnamed.map(|(_, value)| value)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.argument(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The names in a list of fields, each with the arguments behind it.
    pub(super) fn fields(&self) -> Vec<(String, Arguments)> {
        let list = self.argument("fields").or(self.first());
        let Some(Value::List(list)) = list else {
            return Vec::new();
        };
        let name = |value: &Value| match value {
            Value::Word(name) => Some((name.clone(), Vec::new())),
            Value::Call(name, arguments) => Some((name.clone(), arguments.clone())),
            _ => None,
        };
        list.iter().filter_map(name).collect()
    }
}

/// The blocks of a file, up to the first fault.
pub(super) fn blocks(file: &str, text: &str) -> Result<Vec<Block>, Remark> {
    let mut parser = Parser {
        file,
        tokens: tokens(file, text)?,
        at: 0,
    };
    let mut blocks = Vec::new();
    loop {
        let above = parser.above();
        if parser.at == parser.tokens.len() {
            return Ok(blocks);
        }
        blocks.push(parser.block(above)?);
    }
}

struct Parser<'t> {
    file: &'t str,
    tokens: Vec<(usize, Token)>,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(_, token)| token)
    }

    fn place(&self) -> Place {
        let last = self.tokens.last().map_or(1, |(line, _)| *line);
        Place {
            file: self.file.to_owned(),
            line: self.tokens.get(self.at).map_or(last, |(line, _)| *line),
        }
    }

    fn eat(&mut self, mark: char) -> bool {
        let comes = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(comes);
        comes
    }

    fn expect(&mut self, mark: char) -> Result<(), Remark> {
        if self.eat(mark) {
            return Ok(());
        }
        Err(self.place().remark(format!("`{mark}` was expected here")))
    }

    fn word(&mut self, what: &str) -> Result<String, Remark> {
        match self.peek() {
            Some(Token::Word(word)) => {
                let word = word.clone();
                self.at += 1;
                Ok(word)
            }
            _ => Err(self.place().remark(format!("{what} was expected here"))),
        }
    }

    /// Docs, comments and empty lines.
    fn above(&mut self) -> Above {
        let mut above = Above::default();
        while let Some(token) = self.peek() {
            match token {
                Token::Doc(text) => above.docs.push(text.clone()),
                Token::Comment(text) => above.comments.push(text.clone()),
                Token::End => {}
                _ => break,
            }
            self.at += 1;
        }
        above
    }

    fn line_ends(&mut self) {
        while matches!(self.peek(), Some(Token::End)) {
            self.at += 1;
        }
    }

    fn block(&mut self, above: Above) -> Result<Block, Remark> {
        let at = self.place();
        let kind = self.word("`model`, `enum`, `view`, `type`, `datasource` or `generator`")?;
        let mut block = Block {
            kind,
            name: self.word("a name")?,
            at,
            above,
            fields: Vec::new(),
            attributes: Vec::new(),
        };
        self.expect('{')?;
        loop {
            let above = self.above();
            if self.eat('}') {
                return Ok(block);
            }
            match self.peek() {
                None => return Err(block.at.remark("this block has no `}`")),
                Some(Token::Twice) => {
                    self.at += 1;
                    block.attributes.push(self.attribute()?);
                }
                Some(_) => block.fields.push(self.field(above, &block.kind)?),
            }
        }
    }

    fn field(&mut self, above: Above, block: &str) -> Result<Field, Remark> {
        let mut field = Field {
            at: self.place(),
            name: self.word("the name of a field, `@@` or `}`")?,
            above,
            ty: String::new(),
            unsupported: false,
            list: false,
            optional: false,
            attributes: Vec::new(),
            value: None,
        };
        if self.eat('=') {
            field.value = Some(self.value()?);
            return Ok(field);
        }
        if block != "enum" {
            field.ty = self.word("a type")?;
            if field.ty == "Unsupported" {
                self.expect('(')?;
                let Value::Text(ty) = self.value()? else {
                    return Err(field.at.remark("the type of Unsupported stands in quotes"));
                };
                self.expect(')')?;
                (field.ty, field.unsupported) = (ty, true);
            }
            if self.eat('[') {
                self.expect(']')?;
                field.list = true;
            }
            field.optional = self.eat('?');
        }
        while self.eat('@') {
            field.attributes.push(self.attribute()?);
        }
        match self.peek() {
            Some(Token::End | Token::Mark('}')) | None => Ok(field),
            // Docs may stand behind a field; they document it.
            Some(Token::Doc(text)) => {
                field.above.docs.push(text.clone());
                self.at += 1;
                Ok(field)
            }
            Some(_) => Err(self.place().remark("the end of the line was expected here")),
        }
    }

    fn attribute(&mut self) -> Result<Attribute, Remark> {
        let at = self.place();
        let mut name = self.word("the name of an attribute")?;
        while self.eat('.') {
            name = format!("{name}.{}", self.word("a name")?);
        }
        let arguments = if self.eat('(') {
            self.arguments()?
        } else {
            Vec::new()
        };
        Ok(Attribute {
            name,
            at,
            arguments,
        })
    }

    /// Up to the closing parenthesis.
    fn arguments(&mut self) -> Result<Arguments, Remark> {
        let mut all = Vec::new();
        loop {
            self.line_ends();
            if self.eat(')') {
                return Ok(all);
            }
            let value = self.value()?;
            match value {
                Value::Word(name) if self.eat(':') => all.push((Some(name), self.value()?)),
                value => all.push((None, value)),
            }
            self.line_ends();
            if !self.eat(',') {
                self.line_ends();
                self.expect(')')?;
                return Ok(all);
            }
        }
    }

    fn value(&mut self) -> Result<Value, Remark> {
        self.line_ends();
        let place = self.place();
        let token = self.peek().cloned();
        self.at += 1;
        match token {
            Some(Token::Text(text)) => Ok(Value::Text(text)),
            Some(Token::Number(number)) => Ok(Value::Number(number)),
            Some(Token::Word(mut word)) => {
                while self.eat('.') {
                    word = format!("{word}.{}", self.word("a name")?);
                }
                if self.eat('(') {
                    return Ok(Value::Call(word, self.arguments()?));
                }
                Ok(Value::Word(word))
            }
            Some(Token::Mark('[')) => {
                let mut list = Vec::new();
                loop {
                    self.line_ends();
                    if self.eat(']') {
                        return Ok(Value::List(list));
                    }
                    list.push(self.value()?);
                    self.line_ends();
                    if !self.eat(',') {
                        self.line_ends();
                        self.expect(']')?;
                        return Ok(Value::List(list));
                    }
                }
            }
            _ => Err(place.remark("a value was expected here")),
        }
    }
}
