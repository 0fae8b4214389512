SELECT name, company_id
FROM crm_companies
WHERE account = $account AND vanished_at IS NULL AND name IS NOT NULL
ORDER BY created_at DESC, company_id DESC
