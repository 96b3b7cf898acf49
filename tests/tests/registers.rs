//! Registers: what is taken in, what is told of wrong rows, and by which version a submission is judged; over every database.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may end where it fails"
)]

mod cli_program;
mod served;

use serde_json::{Value, json};
use served::{Answer, Served, each, id};

async fn put(server: &Served, query: &str, media: &str, body: &str) -> Answer {
    let headers = [("content-type", media)];
    let path = format!("/v1/tables/schools{query}");
    server
        .send("PUT", &path, &server.admin, &headers, body.to_owned())
        .await
}

const CSV: &str = "id,pupils,location.lng,location.lat\r\n007,120,106.001,26\r\n008,,106.1,26\r\n";

#[tokio::test]
async fn a_register_is_kept_in_versions() {
    for server in each().await {
        let first = put(&server, "?crs=wgs84", "text/csv", CSV).await;
        assert_eq!(first.status, 201, "{}", first.text());
        let taken = first.json();
        assert_eq!((&taken["version"], &taken["rows"]), (&json!(1), &json!(2)));
        let rows = json!([
            {"id": "007", "pupils": 120, "location": {"lng": 106.001, "lat": 26, "crs": "wgs84"}},
            {"id": "008", "location": {"lng": 106.1, "lat": 26, "crs": "wgs84"}}
        ]);
        let now = server.get("/v1/tables/schools", "").await;
        assert_eq!(now.json()["data"], rows);
        assert_eq!(
            (&now.json()["crs"], &now.json()["label"]["zh"]),
            (&json!("wgs84"), &json!("学校名册"))
        );
        let tag = now.headers["etag"].to_str().unwrap();
        let same = server
            .send("GET", "/v1/tables/schools", "", &[("if-none-match", tag)], "")
            .await;
        assert_eq!(same.status, 304);
        let hex = taken["digest"].as_str().unwrap().replace("sha256:", "");
        let kept = server.get(&format!("/v1/tables/by-digest/{hex}"), "").await;
        assert_eq!(kept.json(), rows);
        assert!(
            kept.headers["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        // The same again, in another form, is the same version.
        let again = put(&server, "?crs=wgs84", "application/json", &rows.to_string()).await;
        assert_eq!((again.status, &again.json()["version"]), (200, &json!(1)));
        let collection = json!({"type": "FeatureCollection", "features": [
            {"type": "Feature", "id": "009", "properties": {"pupils": 5, "location": null}, "geometry": {"type": "Point", "coordinates": [106.2, 26.5]}},
            {"type": "Feature", "properties": {"id": "010"}, "geometry": null}
        ]});
        let second = put(
            &server,
            "?crs=gcj02",
            "application/geo+json",
            &collection.to_string(),
        )
        .await;
        assert_eq!(
            (second.status, &second.json()["version"]),
            (201, &json!(2)),
            "{}",
            second.text()
        );
        let now = server.get("/v1/tables/schools", "").await.json();
        assert_eq!(
            now["data"][0],
            json!({"id": "009", "pupils": 5, "location": {"lng": 106.2, "lat": 26.5, "crs": "gcj02"}})
        );
        let versions = server.get("/v1/tables/schools/versions", "").await.json();
        assert_eq!(versions["tables"].as_array().unwrap().len(), 2);
        let list = server.get("/v1/tables", "").await.json();
        assert_eq!(
            (
                list["tables"].as_array().unwrap().len(),
                &list["tables"][0]["version"]
            ),
            (1, &json!(2))
        );
        assert_eq!(
            server
                .count("SELECT COUNT(*) FROM chain WHERE kind = 'table_published'")
                .await,
            2
        );
    }
}

#[tokio::test]
async fn wrong_rows_are_told_and_nothing_is_stored() {
    let rows = "id,pupils,location.lng,location.lat\n\
        1,many,106,26\n\
        2,3,106,96\n\
        3,4,106,26\n\
        ,5,106,26\n\
        3,6,106,26\n\
        4,7\n\
        5,1.5,106,26\n\
        6,8,106,\n";
    let expected = [
        (2, "pupils", "bad_cell"),
        (3, "location", "out_of_range"),
        (5, "id", "missing_table_key"),
        (6, "id", "duplicate_table_key"),
        (7, "", "bad_cell"),
        (8, "pupils", "wrong_type"),
        (9, "location", "wrong_type"),
    ];
    for server in each().await {
        let file = put(&server, "?crs=wgs84", "text/csv", rows).await;
        assert_eq!(
            (file.status, file.headers["content-type"].to_str().unwrap()),
            (422, "text/csv; charset=utf-8")
        );
        let accept = [("content-type", "text/csv"), ("accept", "application/json")];
        let told = server
            .send(
                "PUT",
                "/v1/tables/schools?crs=wgs84",
                &server.admin,
                &accept,
                rows,
            )
            .await
            .json();
        let faults: Vec<(u64, &str, &str)> = told["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| {
                (
                    fault["row"].as_u64().unwrap(),
                    fault["column"].as_str().unwrap(),
                    fault["code"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(faults, expected);
        let lines: Vec<&str> = file.text().lines().collect();
        assert_eq!(lines[0], "\u{feff}row,column,code,zh,en");
        assert!(
            lines[2].starts_with("3,location,out_of_range,数值超出允许范围,"),
            "{}",
            lines[2]
        );
        assert_eq!(lines.len(), expected.len() + 1);
        assert_eq!(server.get("/v1/tables/schools", "").await.status, 404);
        assert_eq!(server.count("SELECT COUNT(*) FROM tables").await, 0);
        let partly = put(&server, "?crs=wgs84&partial=skip", "text/csv", rows).await;
        assert_eq!(partly.status, 201, "{}", partly.text());
        let taken = partly.json();
        assert_eq!(
            (&taken["rows"], taken["skipped"].as_array().unwrap().len()),
            (&json!(1), expected.len())
        );
    }
}

#[tokio::test]
async fn what_is_no_register_is_refused() {
    for server in each().await {
        for (query, media, body, status) in [
            ("", "text/csv", CSV, 422),
            ("?crs=utm", "text/csv", CSV, 422),
            ("?crs=wgs84", "text/plain", CSV, 415),
            ("?crs=wgs84", "text/csv", "", 422),
            ("?crs=wgs84", "text/csv", "id,sort\n1,2\n", 422),
            (
                "?crs=wgs84",
                "text/csv",
                "id,location.lng,location.lat,location.crs\n1,106,26,gcj02\n",
                422,
            ),
            ("?crs=wgs84", "application/json", "{}", 422),
            ("?crs=wgs84", "application/json", "[", 422),
            ("?crs=wgs84", "application/geo+json", "{\"type\":\"Point\"}", 422),
            (
                "?crs=wgs84",
                "application/geo+json",
                "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"id\":\"1\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0]]]}}]}",
                422,
            ),
            ("?crs=wgs84&ruleset=none", "text/csv", CSV, 404),
        ] {
            let answer = put(&server, query, media, body).await;
            assert_eq!(answer.status, status, "{query} {body}: {}", answer.text());
        }
        let other = server
            .send(
                "PUT",
                "/v1/tables/shops?crs=wgs84",
                &server.admin,
                &[("content-type", "text/csv")],
                CSV,
            )
            .await;
        assert_eq!(other.status, 404);
        assert_eq!(server.count("SELECT COUNT(*) FROM tables").await, 0);
    }
}

#[tokio::test]
async fn a_submission_is_judged_by_the_table_it_names_and_by_the_current_one() {
    let entry = r#"{"kind":"bar","guests":[],"place":{"lng":106,"lat":26,"crs":"wgs84"}}"#;
    for server in each().await {
        let far = "id,location.lng,location.lat\n1,106.5,26\n";
        let near = "id,location.lng,location.lat\n1,106.5,26\n2,106.0001,26\n";
        let old = put(&server, "?crs=wgs84", "text/csv", far).await.json();
        put(&server, "?crs=wgs84", "text/csv", near).await;
        let more = format!(r#","tables":{{"schools":{}}}"#, old["digest"]);
        let sent = server
            .submit(&id(1), &served::body(&server.ruleset().await, entry, &more), &[])
            .await;
        assert_eq!(sent.status, 201, "{}", sent.text());
        let why = [("x-purpose", "test")];
        let one: Value = server
            .send(
                "GET",
                &format!("/v1/submissions/{}", id(1)),
                &server.admin,
                &why,
                "",
            )
            .await
            .json();
        let (named, now) = (&one["reports"]["named"], &one["reports"]["inForce"]);
        assert_eq!(
            (&named["outcome"], &now["outcome"]),
            (&json!("pass"), &json!("fail"))
        );
        assert_eq!(named["tables"]["schools"], old["digest"]);
        assert_ne!(now["tables"]["schools"], old["digest"]);
        assert_eq!(one["rectifications"][0]["rule"], "far_enough");
        assert_eq!(one["why"]["verdict"]["outcome"], "fail");
        // A table that is not here: kept, judged by the current one, and by the named one once it comes.
        let later = "id,location.lng,location.lat\n1,106.6,26\n";
        let rows = r#"[{"id":"1","location":{"crs":"wgs84","lat":26,"lng":106.6}}]"#;
        let digest = rules_core::digest::sha256(rows.as_bytes());
        let more = format!(r#","tables":{{"schools":"{digest}"}}"#);
        let sent = server
            .submit(&id(2), &served::body(&server.ruleset().await, entry, &more), &[])
            .await;
        assert_eq!((sent.status, &sent.json()["state"]), (202, &json!("quarantined")));
        let taken = put(&server, "?crs=wgs84", "text/csv", later).await;
        assert_eq!(taken.json()["digest"], digest.as_str());
        let path = format!("/v1/submissions/{}/receipt", id(2));
        assert_eq!(
            server.get(&path, &server.device).await.json()["state"],
            "complete"
        );
    }
}
