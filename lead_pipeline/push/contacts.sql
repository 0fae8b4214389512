-- How a contact was recognised: 0 it is the same person's by all evidence, 1 by e-mail, 2 by phone.
-- Whoever enquired elsewhere too has this contact to themselves.
SELECT person_id, contact_id, min(how) AS how, any_value(full_name) AS full_name
FROM (
    SELECT contacts.person_id, contacts.contact_id, 0 AS how, contacts.full_name, contacts.created_at
    FROM known_contacts AS contacts
    WHERE contacts.person_id IN (SELECT person_id FROM chosen_leads)
    UNION ALL
    SELECT reaches.person_id, contacts.contact_id, 1 AS how, contacts.full_name, contacts.created_at
    FROM known_contacts AS contacts
    INNER JOIN reaches ON reaches.email = contacts.email
    WHERE NOT coalesce(contacts.is_anothers, false)
    UNION ALL
    SELECT reaches.person_id, contacts.contact_id, 2 AS how, contacts.full_name, contacts.created_at
    FROM known_contacts AS contacts
    INNER JOIN reaches ON reaches.phone IN (contacts.phone, contacts.phone_2)
    WHERE NOT coalesce(contacts.is_anothers, false)
) AS found
GROUP BY person_id, contact_id
ORDER BY person_id, how, min(created_at), contact_id
