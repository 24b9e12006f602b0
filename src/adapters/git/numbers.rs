//! From commit ids to small numbers: an open-addressed table, since ids are hashes already and a walk asks for every parent.
use gix::ObjectId;

/// Slots hold a number plus one; 0 is empty. Their count is a power of two, at least double the count of numbers.
#[derive(Default)]
pub(super) struct Numbers {
    slots: Vec<u32>,
}

impl Numbers {
    /// The number of an id; `id_of` knows the ids of the numbers given so far.
    pub(super) fn get<'a>(&self, id: &ObjectId, id_of: impl Fn(usize) -> Option<&'a ObjectId>) -> Option<usize> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut at = start(id) & mask;
        while let Some(number) = self.slots.get(at).and_then(|slot| slot.checked_sub(1)) {
            let number = number as usize;
            if id_of(number) == Some(id) {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// Gives `ids[number]` its number, the last of all.
    pub(super) fn add<'a>(&mut self, number: usize, id_of: impl Fn(usize) -> Option<&'a ObjectId>) {
        if (number + 1) * 2 > self.slots.len() {
            self.slots = vec![0; (self.slots.len() * 2).max(1024)];
            for earlier in 0..number {
                self.put(earlier, id_of(earlier));
            }
        }
        self.put(number, id_of(number));
    }

    fn put(&mut self, number: usize, id: Option<&ObjectId>) {
        let (Some(id), Some(mask), Ok(value)) = (id, self.slots.len().checked_sub(1), u32::try_from(number + 1)) else {
            return;
        };
        let mut at = start(id) & mask;
        while self.slots.get(at).is_some_and(|slot| *slot != 0) {
            at = (at + 1) & mask;
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = value;
        }
    }
}

fn start(id: &ObjectId) -> usize {
    id.as_slice().iter().take(8).fold(0, |sum, byte| (sum << 8) | usize::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use gix::ObjectId;

    #[test]
    fn every_id_keeps_its_number_even_when_all_begin_alike() {
        let id = |n: u32, alike: bool| {
            let mut bytes = [7u8; 20];
            let place = if alike { 16..20 } else { 0..4 };
            bytes[place].copy_from_slice(&n.to_be_bytes());
            ObjectId::from_bytes_or_panic(&bytes)
        };
        for (count, alike) in [(5000, false), (600, true)] {
            let ids: Vec<ObjectId> = (0..count).map(|n| id(n, alike)).collect();
            let mut numbers = Numbers::default();
            for number in 0..ids.len() {
                assert_eq!(numbers.get(&ids[number], |n| ids.get(n)), None);
                numbers.add(number, |n| ids.get(n));
            }
            for (number, id) in ids.iter().enumerate() {
                assert_eq!(numbers.get(id, |n| ids.get(n)), Some(number));
            }
        }
    }
}
