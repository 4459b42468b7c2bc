// A link from nothing to deleted with the vendor's client; one line for each thing seen.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/sendgrid/rest"
	"github.com/sendgrid/sendgrid-go"
)

func ask(method rest.Method, path string, body any) (int, map[string]any) {
	request := sendgrid.GetRequest(os.Getenv("LAB_KEY"), "/v3/whitelabel/links"+path, os.Getenv("LAB_URL"))
	request.Method = method
	if body != nil {
		request.Body, _ = json.Marshal(body)
	}
	answer, err := sendgrid.API(request)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	document := map[string]any{}
	_ = json.Unmarshal([]byte(answer.Body), &document)
	return answer.StatusCode, document
}

func main() {
	status, link := ask("POST", "", map[string]any{"domain": "example.net", "subdomain": "url1"})
	fmt.Println(status)
	one := fmt.Sprintf("/%.0f", link["id"])
	_, validated := ask("POST", one+"/validate", nil)
	fmt.Println(validated["valid"])
	status, bad := ask("POST", "", map[string]any{})
	fmt.Println(status, bad["errors"].([]any)[0].(map[string]any)["field"])
	status, _ = ask("GET", "/1", nil)
	fmt.Println(status)
	status, _ = ask("DELETE", one, nil)
	fmt.Println(status)
	request := sendgrid.GetRequest(os.Getenv("LAB_KEY"), "/v3/scopes", os.Getenv("LAB_URL"))
	answer, err := sendgrid.MakeRequestRetry(request)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(answer.StatusCode)
}
