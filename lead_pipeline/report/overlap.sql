-- People by the systems in which they ever enquired.
SELECT
    array_to_string(list_sort(map_keys(enquiries_by_source)), ' + ') AS systems,
    len(map_keys(enquiries_by_source)) AS number_of_systems,
    count(*) AS people,
    CAST(sum(enquiries) AS BIGINT) AS enquiries
FROM people
WHERE enquiries_by_source IS NOT NULL
GROUP BY array_to_string(list_sort(map_keys(enquiries_by_source)), ' + '), len(map_keys(enquiries_by_source))
ORDER BY number_of_systems, people DESC, systems
