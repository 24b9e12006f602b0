//! What stands between the operators of an expression: literals, names, functions, `CASE`.
use super::expression::{COMPARE, OR};
use super::tokens::token_form;
use super::{Expr, Parser, rewrite};
use crate::engines::schema::mysql::text::{Kind, Outcome};

impl<'t, 'a> Parser<'_, 't, 'a> {
    pub(super) fn atom(&mut self) -> Outcome<Expr> {
        let Some(token) = self.cursor.peek(0) else { return Err(self.cursor.unexpected()) };
        match token.kind {
            Kind::Text => Ok(Expr::Text(self.cursor.text()?)),
            Kind::Number => {
                self.cursor.at += 1;
                Ok(Expr::Number(rewrite::number(&token.text)))
            }
            Kind::Hex => {
                self.cursor.at += 1;
                Ok(Expr::Raw(format!("0x{}", token.text.to_ascii_uppercase())))
            }
            Kind::Bit => {
                self.cursor.at += 1;
                Ok(Expr::Raw(format!("0x{}", rewrite::bits_to_hex(&token.text))))
            }
            Kind::Variable => {
                self.cursor.at += 1;
                Ok(Expr::Raw(format!("@{}", token.text)))
            }
            Kind::Symbol if token.text == "(" => self.parentheses(),
            Kind::Symbol if token.text == "*" => {
                self.cursor.at += 1;
                Ok(Expr::Raw("*".to_owned()))
            }
            Kind::Symbol => Err(self.cursor.unexpected()),
            Kind::Word | Kind::Quoted => self.word(),
        }
    }

    fn parentheses(&mut self) -> Outcome<Expr> {
        let mut group = self.cursor.group()?;
        if group.sees_any(&["SELECT", "WITH"]) {
            return Ok(Expr::Raw(format!("({})", token_form(group.tokens))));
        }
        let mut list = self.inside(&mut group)?;
        match (list.len(), list.pop()) {
            (1, Some(only)) => Ok(only),
            (_, Some(last)) => {
                list.push(last);
                Ok(Expr::Tuple(list))
            }
            (_, None) => Err("empty parentheses".to_owned()),
        }
    }

    fn word(&mut self) -> Outcome<Expr> {
        let Some(token) = self.cursor.peek(0) else { return Err(self.cursor.unexpected()) };
        let plain = token.kind == Kind::Word;
        if plain && self.cursor.peek(1).is_some_and(|next| next.kind == Kind::Text) {
            // A character set in front of a string says how it is written; dates and times keep their word.
            self.cursor.at += 1;
            let text = self.cursor.text()?;
            return match token.text.to_ascii_uppercase().as_str() {
                word @ ("DATE" | "TIME" | "TIMESTAMP") => Ok(Expr::Raw(format!("{word}{}", super::quote(&text)))),
                _ if token.text.starts_with('_') => Ok(Expr::Text(text)),
                _ => Err("a string where none fits".to_owned()),
            };
        }
        if plain
            && token.text.starts_with('_')
            && self.cursor.peek(1).is_some_and(|next| matches!(next.kind, Kind::Hex | Kind::Bit))
        {
            self.cursor.at += 1;
            return self.atom();
        }
        if plain && !self.cursor.sees_symbol(1, ".") {
            if let Some(expr) = self.keyword()? {
                return Ok(expr);
            }
            if self.cursor.sees_symbol(1, "(") {
                return self.call();
            }
        }
        let mut parts = vec![self.cursor.name()?];
        while self.cursor.symbol(".") {
            parts.push(if self.cursor.symbol("*") { "*".to_owned() } else { self.cursor.name()? });
        }
        if self.cursor.sees_symbol(0, "(") {
            let name = parts.join(".").to_ascii_lowercase();
            let mut group = self.cursor.group()?;
            let list = self.inside(&mut group)?;
            return Ok(Expr::Call(name, list));
        }
        Ok(Expr::Name(parts))
    }

    fn keyword(&mut self) -> Outcome<Option<Expr>> {
        let next = |raw: &str| Ok(Some(Expr::Raw(raw.to_owned())));
        if self.cursor.word("NULL") {
            return next("NULL");
        }
        for (word, value) in [("TRUE", "1"), ("FALSE", "0")] {
            if self.cursor.word(word) {
                return Ok(Some(Expr::Number(value.to_owned())));
            }
        }
        if self.cursor.word("CASE") {
            return self.case().map(Some);
        }
        if self.cursor.sees(0, "INTERVAL") && !self.cursor.sees_symbol(1, ",") {
            self.cursor.at += 1;
            let amount = self.expression(COMPARE + 1)?;
            let unit = self.cursor.name()?.to_ascii_lowercase();
            return Ok(Some(Expr::Interval(Box::new(amount), unit)));
        }
        if self.cursor.sees(0, "EXISTS") && self.cursor.sees_symbol(1, "(") {
            self.cursor.at += 1;
            let group = self.cursor.group()?;
            return Ok(Some(Expr::Raw(format!("exists({})", token_form(group.tokens)))));
        }
        if !self.cursor.sees_symbol(1, "(")
            && let Some(call) = self.cursor.peek(0).and_then(|token| rewrite::bare(&token.text))
        {
            self.cursor.at += 1;
            return Ok(Some(Expr::Call(call.to_owned(), Vec::new())));
        }
        Ok(None)
    }

    fn case(&mut self) -> Outcome<Expr> {
        let operand = if self.cursor.sees(0, "WHEN") { None } else { Some(Box::new(self.expression(OR)?)) };
        let mut branches = Vec::new();
        while self.cursor.word("WHEN") {
            let when = self.expression(OR)?;
            self.cursor.need("THEN")?;
            branches.push((when, self.expression(OR)?));
        }
        let otherwise = if self.cursor.word("ELSE") { Some(Box::new(self.expression(OR)?)) } else { None };
        self.cursor.need("END")?;
        Ok(Expr::Case(operand, branches, otherwise))
    }

    /// A function: some have words among their arguments.
    fn call(&mut self) -> Outcome<Expr> {
        let name = self.cursor.name()?.to_ascii_lowercase();
        let whole = self.cursor.group()?;
        let mut group = whole;
        let mut inner = Parser { cursor: &mut group, depth: self.depth };
        let expr = inner.arguments(&name);
        match expr {
            Ok(expr) if group.done() && !self.cursor.sees(0, "OVER") => Ok(expr),
            Err(reason) if reason == "nested too deeply" => Err(reason),
            _ => {
                let mut text = format!("{name}({})", token_form(whole.tokens));
                if self.cursor.word("OVER") {
                    let window = match self.cursor.sees_symbol(0, "(") {
                        true => format!("({})", token_form(self.cursor.group()?.tokens)),
                        false => self.cursor.name()?,
                    };
                    text.push_str(&format!(" over {window}"));
                }
                Ok(Expr::Raw(text))
            }
        }
    }

    fn arguments(&mut self, name: &str) -> Outcome<Expr> {
        match name {
            "cast" | "convert" => {
                let value = self.expression(OR)?;
                if self.cursor.word("USING") {
                    return Ok(Expr::Convert(Box::new(value), self.cursor.name()?.to_ascii_lowercase()));
                }
                if !self.cursor.word("AS") {
                    self.cursor.need_symbol(",")?;
                }
                let target = rewrite::cast_type(self.cursor)?;
                return Ok(Expr::Cast(Box::new(value), target));
            }
            "extract" => {
                let unit = self.cursor.name()?.to_ascii_lowercase();
                self.cursor.need("FROM")?;
                let value = self.expression(OR)?;
                return Ok(Expr::Raw(format!("extract({unit} from {value})")));
            }
            "position" => {
                let what = self.expression(COMPARE + 1)?;
                self.cursor.need("IN")?;
                return Ok(Expr::Call("locate".to_owned(), vec![what, self.expression(OR)?]));
            }
            _ => {}
        }
        let mut list = Vec::new();
        if matches!(name, "timestampdiff" | "timestampadd") {
            let unit = self.cursor.name()?.to_ascii_uppercase();
            list.push(Expr::Raw(unit.trim_start_matches("SQL_TSI_").to_owned()));
            self.cursor.need_symbol(",")?;
        }
        while !self.cursor.done() {
            list.push(self.expression(OR)?);
            let substring = matches!(name, "substring" | "substr" | "mid") && self.cursor.sees_any(&["FROM", "FOR"]);
            if substring {
                self.cursor.at += 1;
            } else if !self.cursor.symbol(",") {
                self.cursor.end()?;
            }
        }
        Ok(rewrite::call(name, list))
    }
}
