SELECT natural_key
FROM core.objects
WHERE account = $account AND kind = 'contact' AND vanished_at IS NOT NULL
